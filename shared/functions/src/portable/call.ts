import { inClientSpan } from '../observability/span.ts';

/** A service of the cloud has refused, or is not well. The message has nothing of the request. */
export class ServiceError extends Error {
  override readonly name = 'ServiceError';

  constructor(
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export interface Call {
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

const timeoutMs = 1_500;

/**
 * Calls a service of the cloud, once.
 *
 * @param service its name in spans and errors
 * @returns the answer's JSON; `undefined` where it is none
 * @throws ServiceError for an answer other than 2xx
 */
export function callService(service: string, url: string | URL, call: Call): Promise<unknown> {
  const { host, pathname } = new URL(url);
  const attributes = { 'http.request.method': call.method, 'server.address': host };
  return inClientSpan(`${service} ${call.method}`, attributes, async () => {
    const signal = call.signal ?? AbortSignal.timeout(timeoutMs);
    const answer = await fetch(url, { ...call, signal });
    const text = await answer.text();
    if (!answer.ok)
      throw new ServiceError(`${service} answers ${answer.status} for ${pathname}`, answer.status);
    return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : undefined;
  });
}
