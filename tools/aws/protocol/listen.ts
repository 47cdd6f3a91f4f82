import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

export const HOST = '127.0.0.1';
/** Longer than clients keep an idle connection, so that none is closed while a request is on its way. */
const KEEP_ALIVE_MS = 120_000;

export interface Listening {
  /** E.g. `http://127.0.0.1:8000`. */
  readonly url: string;
  /** Closes the port and every connection. */
  stop(): Promise<void>;
}

/**
 * Has a server listen on 127.0.0.1.
 * @param port 0 for any free one
 * @throws Error when the port is taken
 */
export async function listen(server: Server, port: number): Promise<Listening> {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.listen(port, HOST);
  await once(server, 'listening');
  const stop = async (): Promise<void> => {
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  return { url: `http://${HOST}:${(server.address() as AddressInfo).port}`, stop };
}
