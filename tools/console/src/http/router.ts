import type { IncomingMessage } from 'node:http';
import { badRequest } from './problem.ts';

export interface ApiRequest {
  /** Of the path, decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Of a POST. */
  readonly body: unknown;
}

export type Handler = (request: ApiRequest) => unknown;

/** Handlers by `GET /api/orders/:orderId`. */
export type Routes = Readonly<Record<string, Handler>>;

export interface Match {
  readonly handler: Handler;
  readonly params: Readonly<Record<string, string>>;
}

/** @returns finds the handler of a request; undefined where there is none */
export const router = (routes: Routes): ((method: string, path: string) => Match | undefined) => {
  const compiled = Object.entries(routes).map(([route, handler]) => {
    const [method = '', path = ''] = route.split(' ');
    const pattern = new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
    return { method, pattern, handler };
  });
  return (method, path) => {
    for (const route of compiled) {
      const found = route.method === method ? route.pattern.exec(path) : null;
      if (found === null) continue;
      const params = Object.entries(found.groups ?? {}).map(([name, value]) => [name, decode(value)]);
      return { handler: route.handler, params: Object.fromEntries(params) };
    }
    return undefined;
  };
};

const decode = (value: string): string => {
  try {
    return decodeURIComponent(value);
  } catch {
    throw badRequest(`The path has a part that is not percent-encoded well: ${value}`);
  }
};

const LARGEST_BODY_BYTES = 1024 ** 2;

/** @throws Refusal 400 for a body that is too large or no JSON */
export const readJson = async (request: IncomingMessage): Promise<unknown> => {
  const text = await readText(request);
  try {
    return text === '' ? {} : JSON.parse(text);
  } catch {
    throw badRequest('The body is not JSON.');
  }
};

/** @throws Refusal 400 for a body that is too large */
export const readText = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > LARGEST_BODY_BYTES) throw badRequest(`The body is larger than ${LARGEST_BODY_BYTES} bytes.`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
};
