import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Pushed {
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface Endpoint {
  readonly url: string;
  readonly pushed: readonly Pushed[];
  /** What each body was, in the order of arrival. */
  readonly texts: () => readonly string[];
  stop(): Promise<void>;
}

/** Somebody to whom messages are pushed. @param answer the status; none for undefined */
export const startEndpoint = async (
  answer: (push: Pushed, count: number) => number | undefined | Promise<number | undefined> = () => 204,
): Promise<Endpoint> => {
  const pushed: Pushed[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const push = { headers: request.headers, body: Buffer.concat(chunks) };
    pushed.push(push);
    const status = await answer(push, pushed.length);
    if (status !== undefined) response.writeHead(status).end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/push`,
    pushed,
    texts: () => pushed.map(({ body }) => body.toString()),
    stop: async () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
