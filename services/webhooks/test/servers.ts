import type { IncomingHttpHeaders } from 'node:http';
import * as http from 'node:http';
import * as https from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Certificate } from './certificates.ts';

interface Received {
  readonly method: string | undefined;
  readonly path: string | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Servers of endpoints, well behaved or not, on ports of 127.0.0.1. */
export class Servers {
  readonly #servers: Server[] = [];
  readonly #sockets = new Set<Socket>();
  /** Since the last `close`: requests to servers that speak HTTP, and connections to all. */
  readonly requests: Received[] = [];
  connections = 0;

  /** Does anything with a connection, once its request has begun to arrive or at once. */
  raw(behave: (socket: Socket) => void, from: 'data' | 'connection' = 'data'): Promise<number> {
    return this.#listen(
      createServer((socket) => {
        if (from === 'connection') behave(socket);
        else socket.once('data', () => behave(socket));
      }),
    );
  }

  http(answer: http.RequestListener): Promise<number> {
    return this.#listen(http.createServer(this.#recording(answer)));
  }

  https(certificate: Certificate, answer: http.RequestListener = ok): Promise<number> {
    return this.#listen(https.createServer(certificate, this.#recording(answer)));
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await Promise.all(
      this.#servers.splice(0).map((server) => new Promise((closed) => void server.close(closed))),
    );
    this.requests.length = 0;
    this.connections = 0;
  }

  #recording(answer: http.RequestListener): http.RequestListener {
    return async (request, response) => {
      const { method, url: path, headers } = request;
      this.requests.push({ method, path, headers, body: await text(request) });
      answer(request, response);
    };
  }

  async #listen(server: Server): Promise<number> {
    this.#servers.push(server);
    server.on('connection', (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      // Senders end connections as they like.
      socket.on('error', () => undefined).on('close', () => this.#sockets.delete(socket));
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    return (server.address() as AddressInfo).port;
  }
}

export const ok: http.RequestListener = (_request, response) => void response.end('thanks');
