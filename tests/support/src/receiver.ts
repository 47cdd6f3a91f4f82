import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface ReceivedRequest {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A team's server: keeps what it gets, and answers with a status that a test may change. */
export async function startReceiver() {
  const requests: ReceivedRequest[] = [];
  const receiver = {
    url: '',
    requests,
    status: 200,
    async close() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  const server = createServer(async (request, answer) => {
    requests.push({ path: request.url ?? '', headers: request.headers, body: await text(request) });
    answer.statusCode = receiver.status;
    answer.end(`answer ${requests.length}`);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  receiver.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return receiver;
}
