import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deleteEndpoint, registerEndpoint } from './endpoint.ts';
import { receive } from './receive.ts';

// Until the secret is known nothing can be verified: what comes now comes again.
let listener: RequestListener = (_request, answer) => void answer.writeHead(503).end();
const server = createServer((request, answer) => listener(request, answer));
server.listen(Number(process.env.PORT ?? 0), '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
// On AWS this is a public https URL that leads here.
const url = process.env.PUBLIC_URL ?? `http://127.0.0.1:${port}/orderly`;

const endpoint = await registerEndpoint(url, [
  ...['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderShipped'],
]);
listener = receive(endpoint.secret, ({ type, subject, sequence }) =>
  console.log(`${type} ${subject}, version ${sequence}`),
);
console.log(`Registered: ${url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await deleteEndpoint(endpoint);
    server.close();
    server.closeIdleConnections();
  });
}
