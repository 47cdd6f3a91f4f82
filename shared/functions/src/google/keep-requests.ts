import { subscribe } from 'node:diagnostics_channel';

/** The content types that requests came with. */
const contentTypes = new WeakMap<object, string>();
let isKeeping = false;

/** A request as Node.js shows it before anybody else sees it. */
interface Arrived {
  readonly request: { url: string; readonly headers: Record<string, string | undefined> };
}

/**
 * Has the framework hand on what it would refuse with a page of HTML: it parses bodies as JSON and decodes paths. It takes
 * every body for bytes, and a `%` of a path that encodes nothing for itself.
 *
 * https://nodejs.org/docs/latest-v20.x/api/diagnostics_channel.html#http
 */
export function keepRequests(): void {
  if (isKeeping) return;
  isKeeping = true;
  subscribe('http.server.request.start', (message) => {
    const { request } = message as Arrived;
    request.url = wellEncoded(request.url);
    const { 'content-type': contentType } = request.headers;
    if (contentType === undefined) return;
    contentTypes.set(request, contentType);
    request.headers['content-type'] = 'application/octet-stream';
  });
}

/** The content type that a request came with, where `keepRequests` has replaced it. */
export const contentTypeOf = (request: object): string | undefined => contentTypes.get(request);

function wellEncoded(url: string): string {
  const [path = ''] = url.split('?', 1);
  const segments = path
    .split('/')
    .map((segment) => (isEncoded(segment) ? segment : segment.replaceAll('%', '%25')));
  return segments.join('/') + url.slice(path.length);
}

function isEncoded(segment: string): boolean {
  try {
    decodeURIComponent(segment);
    return true;
  } catch {
    return false;
  }
}
