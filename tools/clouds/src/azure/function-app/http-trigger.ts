import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { HttpData } from './functions-core.ts';
import type { Invoke } from './invoker.ts';
import { byPrecedence, type Route, readRoute } from './route.ts';

const HOST = '127.0.0.1';
const KEEP_ALIVE_MS = 120_000;
/** `FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`: https://learn.microsoft.com/azure/azure-functions/functions-app-settings */
const LARGEST_BODY_BYTES = 104_857_600;

export interface HttpFunction {
  readonly name: string;
  /** Of its binding. */
  readonly trigger: string;
  readonly methods: readonly string[];
  /** Without a slash in front. */
  readonly route: string;
}

export interface HttpTriggers {
  readonly port: number;
  stop(): Promise<void>;
}

type Values = Readonly<Record<string, { readonly value: string }>>;

/** Several values of one name are one, with commas; names of query parameters are the same whatever their case. */
const joined = (pairs: Iterable<readonly [string, string]>): Values => {
  const byName = new Map<string, { name: string; values: string[] }>();
  for (const [name, value] of pairs) {
    const known = byName.get(name.toLowerCase());
    if (known) known.values.push(value);
    else byName.set(name.toLowerCase(), { name, values: [value] });
  }
  return Object.fromEntries(
    [...byName.values()].map(({ name, values }) => [name, { value: values.join(',') }]),
  );
};

const headersOf = ({ rawHeaders }: IncomingMessage): Values => {
  const pairs = rawHeaders.flatMap((name, at) =>
    at % 2 === 0 ? [[name.toLowerCase(), rawHeaders[at + 1] ?? ''] as const] : [],
  );
  // `IgnoreEmptyValuedRpcHttpHeaders`
  return joined(pairs.filter(([, value]) => value !== ''));
};

const readBody = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
};

/**
 * A request as the host hands it to its worker. The host takes a body for empty that has no Content-Length.
 * Source: ToRpcHttp in https://github.com/Azure/azure-functions-host, GrpcMessageConversionExtensions.cs
 */
const toHttpData = async (
  request: IncomingMessage,
  url: URL,
  parameters: Readonly<Record<string, string>>,
): Promise<HttpData> => {
  const body = await readBody(request);
  return {
    method: request.method ?? 'GET',
    url: url.href,
    nullableHeaders: headersOf(request),
    nullableParams: joined(Object.entries(parameters)),
    nullableQuery: joined(url.searchParams),
    ...(Number(request.headers['content-length']) > 0 && { body: { bytes: body } }),
  };
};

const answer = async (
  routes: readonly (HttpFunction & { readonly matcher: Route })[],
  prefix: string,
  invoke: Invoke,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> => {
  const url = new URL(request.url ?? '/', `http://${request.headers.host ?? HOST}`);
  if (Number(request.headers['content-length']) > LARGEST_BODY_BYTES) {
    response.writeHead(413, { connection: 'close' }).end();
    return;
  }
  const isBelow = url.pathname.toLowerCase().startsWith(`${prefix.toLowerCase()}/`) || prefix === '';
  const path = url.pathname.slice(prefix.length);
  for (const { name, trigger, methods, matcher } of isBelow ? routes : []) {
    const parameters = methods.includes(request.method ?? '') ? matcher.match(path) : undefined;
    if (parameters === undefined) continue;
    const answered = await invoke(name, trigger, { http: await toHttpData(request, url, parameters) });
    if (answered === undefined) {
      response.writeHead(204).end();
      return;
    }
    if (answered.cookies?.length)
      throw new Error('This host of function apps does not implement cookies of answers.');
    const { statusCode, headers, body } = answered;
    response.writeHead(Number(statusCode), { ...headers }).end(body?.bytes ?? body?.string ?? '');
    return;
  }
  request.resume();
  response.writeHead(404, { 'content-length': 0 }).end();
};

/**
 * Serves the HTTP functions of an app on 127.0.0.1, with the authorization level `anonymous`. A request that no route takes gets
 * 404 without a body; a function that fails, 500 without one; a function that returns nothing, 204.
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-http-webhook-trigger
 *
 * @param prefix of all routes, e.g. `/api`
 * @throws Error for routes that are not implemented, and when the port is taken
 */
export const startHttpTriggers = async (
  functions: readonly HttpFunction[],
  { port, prefix, invoke }: { readonly port: number; readonly prefix: string; readonly invoke: Invoke },
): Promise<HttpTriggers> => {
  const routes = functions
    .map((each) => ({ ...each, matcher: readRoute(each.route) }))
    .sort((one, other) => byPrecedence(one.matcher, other.matcher));
  const server = createServer((request, response) => {
    answer(routes, prefix, invoke, request, response).catch(() => {
      // The invocation is reported with its error.
      if (response.headersSent) response.destroy();
      else response.writeHead(500, { 'content-length': 0 }).end();
    });
  });
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, HOST);
  await once(server, 'listening');
  const { port: actual } = server.address() as AddressInfo;
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeIdleConnections();
    await closed;
  };
  return { port: actual, stop };
};
