import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { assumptions } from '../cost/assumptions.ts';

/** The server of somebody's endpoint, which accepts every request after the time that docs/cost.md assumes. */
export async function startEndpoint() {
  const counted = { requests: 0 };
  const server = createServer((request, response) => {
    counted.requests += 1;
    request.resume().once('end', () => setTimeout(() => response.end(), assumptions.endpointMs));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    counted,
    stop() {
      server.close();
      server.closeAllConnections();
    },
  };
}
