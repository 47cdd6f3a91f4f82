import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

interface Answer {
  readonly status?: number;
  /** Sent as JSON, unless it is a text. */
  readonly body?: unknown;
}

/** Answers a request; `undefined` ends the connection without an answer. */
type Answering = (request: Received) => Answer | undefined | Promise<Answer | undefined>;

/** A server on 127.0.0.1 for all tests of a file; each test begins with no requests, and with the answer 200. */
export function localServer() {
  const ok: Answering = () => ({});
  const local = { url: '', requests: [] as Received[], answer: ok };
  const server = createServer(async (request, response) => {
    const { method = '', url: path = '', headers } = request;
    const received = { method, path, headers, body: await text(request) };
    local.requests.push(received);
    const answer = await local.answer(received);
    if (answer === undefined) {
      request.socket.destroy();
      return;
    }
    const { status = 200, body = '' } = answer;
    response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  beforeAll(async () => {
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    local.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    local.requests.length = 0;
    local.answer = ok;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });
  return local;
}

const realFetch = fetch;

/** Has requests to these hosts go to a local server, with the host as the first part of the path. For one test. */
export function redirectFetch(hosts: readonly string[], to: { readonly url: string }): void {
  jest.spyOn(globalThis, 'fetch').mockImplementation((input, init) => {
    const { host, pathname, search } = new URL(String(input));
    return realFetch(hosts.includes(host) ? `${to.url}/${host}${pathname}${search}` : input, init);
  });
}
