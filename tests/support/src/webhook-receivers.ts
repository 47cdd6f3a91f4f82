import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import type { OrderlyApis } from '@orderly/client';
import { createRandom, type Random } from './random.ts';

/** How a receiver behaves: `dead` is a port at which nothing listens, `gone` answers 410 after a while. */
export type ReceiverKind = 'well' | 'dead' | 'slow' | 'flapping' | 'gone';

/** A request as its receiver saw it. */
export interface Arrival {
  readonly eventId: string;
  /** When it had come, in milliseconds since the epoch. */
  readonly at: number;
  /** What it was answered: a status, or a connection that was reset. */
  readonly answer: number | 'reset';
  /** Whether its signature is the one of its id, timestamp and body by the endpoint's secret. */
  readonly isSigned: boolean;
}

/** A receiver that is registered for all order events, and what it has seen. */
export interface Receiver {
  readonly kind: ReceiverKind;
  readonly endpointId: string;
  readonly arrivals: readonly Arrival[];
}

interface Registered extends Receiver {
  readonly secret: string;
  readonly arrivals: Arrival[];
}

const kinds: readonly ReceiverKind[] = ['well', 'dead', 'slow', 'flapping', 'gone'];
const events = ['OrderPlaced', 'OrderConfirmed', 'OrderRejected', 'OrderCancelled', 'OrderShipped'] as const;
/** tcpmux (RFC 1078), which nobody has any more: connections are refused. */
const DEAD_PORT = 1;
/** So many requests are accepted before the first 410. */
const GONE_AFTER = 20;
const SLOW_FROM_MS = 2_000;
const SLOW_TO_MS = 8_000;

/** Servers of teams without an AWS account: one of each kind. */
export class WebhookReceivers {
  readonly #server: Server;
  readonly #random: Random;
  readonly #registered = new Map<string, Registered>();
  #isSlow = true;

  private constructor(seed: number) {
    this.#random = createRandom(seed);
    this.#server = createServer((request, answer) => {
      // A request that was cut off has not arrived.
      this.#receive(request, answer).catch(() => request.socket.destroy());
    });
  }

  /** Listens, and registers one endpoint of each kind. @param seed chooses delays and failures */
  static async open({ webhooks }: Pick<OrderlyApis, 'webhooks'>, seed: number): Promise<WebhookReceivers> {
    const receivers = new WebhookReceivers(seed);
    const server = receivers.#server;
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    const { port } = server.address() as AddressInfo;
    for (const kind of kinds) {
      const url = `http://127.0.0.1:${kind === 'dead' ? DEAD_PORT : port}/${kind}`;
      const { endpointId, secret } = await webhooks.registerEndpoint({ body: { url, events: [...events] } });
      receivers.#registered.set(`/${kind}`, { kind, endpointId, secret, arrivals: [] });
    }
    return receivers;
  }

  /** What has arrived so far. */
  get all(): readonly Receiver[] {
    return [...this.#registered.values()].map(({ secret, arrivals, ...receiver }) => ({
      ...receiver,
      arrivals: [...arrivals],
    }));
  }

  /** From now on the slow one answers at once: its backlog must be gone before a test is over. */
  hurry(): void {
    this.#isSlow = false;
  }

  /** Deletes the endpoints, and listens no more. */
  async close({ webhooks }: Pick<OrderlyApis, 'webhooks'>): Promise<void> {
    for (const { endpointId } of this.#registered.values()) await webhooks.deleteEndpoint({ endpointId });
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #receive(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    const body = await text(request);
    const receiver = this.#registered.get(request.url ?? '');
    if (receiver === undefined) return void answer.writeHead(404).end();
    const { 'webhook-id': eventId = '' } = request.headers;
    const arrival = {
      ...{ eventId: String(eventId), at: Date.now(), answer: this.#answerOf(receiver) },
      isSigned: isSigned(request, body, receiver.secret),
    };
    receiver.arrivals.push(arrival);
    if (receiver.kind === 'slow' && this.#isSlow) await delay(this.#random.int(SLOW_FROM_MS, SLOW_TO_MS));
    if (arrival.answer === 'reset') request.socket.destroy();
    else answer.writeHead(arrival.answer).end();
  }

  #answerOf({ kind, arrivals }: Registered): Arrival['answer'] {
    if (kind === 'gone') return arrivals.length < GONE_AFTER ? 200 : 410;
    if (kind !== 'flapping' || this.#random.chance(0.5)) return 200;
    return this.#random.pick([500, 'reset'] as const);
  }
}

/** By the rules of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
function isSigned({ headers }: IncomingMessage, body: string, secret: string): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  return (
    signature === `v1,${createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')}`
  );
}
