import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { deleteEndpoint, registerEndpoint } from './endpoint.ts';
import { receive } from './receive.ts';

const server = createServer().listen(Number(process.env.PORT ?? 0), '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
// On AWS this is a public https URL that leads here.
const url = process.env.PUBLIC_URL ?? `http://127.0.0.1:${port}/orderly`;

const endpoint = await registerEndpoint(url, [
  ...['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderShipped'],
]);
server.on(
  'request',
  receive(endpoint.secret, ({ type, subject, sequence }) =>
    console.log(`${type} ${subject}, version ${sequence}`),
  ),
);
console.log(`Registered: ${url}`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, async () => {
    await deleteEndpoint(endpoint);
    server.close();
    server.closeIdleConnections();
  });
}
