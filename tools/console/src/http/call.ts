import type { IncomingMessage, ServerResponse } from 'node:http';
import { notFound, notHere } from './problem.ts';
import { readText } from './router.ts';

const PASSED_ON = [
  'accept',
  'content-type',
  'authorization',
  'idempotency-key',
  'x-correlation-id',
  'traceparent',
];
const LIMIT_MS = 30_000;

/**
 * Hands a request of the API view on to the service that it is for, and its answer back: the page itself may talk to
 * nobody else.
 * @param rest path and query behind the service's name
 * @throws Refusal for a service that is not there
 */
export const passOn = async (
  request: IncomingMessage,
  response: ServerResponse,
  {
    service,
    rest,
    urls,
    token,
  }: {
    readonly service: string;
    readonly rest: string;
    readonly urls: ReadonlyMap<string, string | undefined>;
    readonly token: string | undefined;
  },
): Promise<void> => {
  if (!urls.has(service)) throw notFound(`There is no service ${service}.`);
  const url = urls.get(service);
  if (url === undefined) throw notHere(`${service} is not running.`);
  const { method = 'GET', headers } = request;
  const body = ['GET', 'HEAD'].includes(method) ? undefined : await readText(request);
  const sent = PASSED_ON.flatMap((name): [string, string][] => {
    const value = headers[name];
    return typeof value === 'string' ? [[name, value]] : [];
  });
  const answer = await fetch(`${url}${rest}`, {
    method,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...Object.fromEntries(sent),
    },
    signal: AbortSignal.timeout(LIMIT_MS),
    ...(body && { body }),
  });
  const text = await answer.text();
  response.writeHead(answer.status, {
    'content-type': answer.headers.get('content-type') ?? 'text/plain',
    'x-content-type-options': 'nosniff',
    ...Object.fromEntries(
      [...answer.headers].filter(([name]) => /^(location|retry-after|x-request-id)$/.test(name)),
    ),
  });
  response.end(text);
};
