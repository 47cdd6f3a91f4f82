import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { findPlatform } from '@orderly/local/platform';
import { repositoryRoot } from '@orderly/local/ports';
import { killService, startService } from '@orderly/local/service-control';
import { tableOf } from './delivery-faults.ts';
import type { FaultyPlatform } from './faulty-platform.ts';
import type { Incident, Injector } from './injector.ts';
import { type Poison, poison, poisonKinds, sendPoison } from './poison.ts';
import { createFifoQueue } from './queues.ts';
import { answer, error } from './replies.ts';
import { type ReceivedEvent, Subscriber } from './subscriber.ts';

/** A queue whose policy lets no publisher in. */
const refusing =
  (queueUrl: string): Incident =>
  ({ functionName, operation, input }) =>
    functionName !== undefined && operation === 'SendMessageBatch' && input.QueueUrl === queueUrl
      ? error(403, 'com.amazonaws.sqs#AccessDenied', `Access to the resource ${queueUrl} is denied`)
      : undefined;

/** The event source of a publisher is switched off: the stream goes on, and nobody reads it. */
const publisherStopped =
  (table: string): Incident =>
  (call) =>
    call.operation === 'GetRecords' && tableOf(call) === table
      ? answer({ Records: [], NextShardIterator: call.input.ShardIterator })
      : undefined;

interface IncidentOptions {
  readonly run: string;
  readonly orders: number;
  /** Which of them happen; all where it is undefined. */
  readonly incidents?: readonly string[];
  readonly log: (line: string) => void;
}

/** In a long run everything happens again after so many orders. */
const CYCLE = 1_000;
const SERVICES = ['inventory', 'orders', 'notifications'] as const;
/** The time that publishers need to find a queue that is there again, and to send what they had in hand. */
const RETURN_MS = 5_000;
/** What services print that were started again. */
const RESTARTED_LOG = join(repositoryRoot, '.orderly', 'faults-restarted.log');
/** A service that starts while everybody buys gets little of the machine. */
const START_MS = 300_000;
/** Long enough for an order to be placed and cancelled meanwhile, so that both events wait in the stream. */
const PUBLISHER_STOPPED_MS = 10_000;

/** What happens to the platform as a whole while orders come in: one thing at a time, at given orders. */
export class Incidents {
  /** What was sent so far. */
  readonly poison: Poison[] = [];
  readonly #platform: FaultyPlatform;
  readonly #injector: Injector;
  readonly #options: IncidentOptions;
  readonly #cycle: number;
  #chain: Promise<void> = Promise.resolve();
  #rounds = 0;
  #refusing = '';
  #returning = '';
  #subscriber = new Subscriber();
  #returnedAt = new Date(8.64e15).toISOString();

  constructor(platform: FaultyPlatform, injector: Injector, options: IncidentOptions) {
    this.#platform = platform;
    this.#injector = injector;
    this.#options = options;
    this.#cycle = Math.min(CYCLE, options.orders);
    for (const kind of Object.keys(this.#schedule())) if (kind !== 'poison') injector.counts.set(kind, 0);
    injector.counts.set('subscription that refuses every message', 0);
    for (const kind of poisonKinds) injector.counts.set(`poison: ${kind}`, 0);
  }

  /** The URL of the subscription that refuses everything. */
  get refusing(): string {
    return this.#refusing;
  }

  /** What the subscription that was gone has got since it came back. */
  returned(): { readonly from: string; readonly events: readonly ReceivedEvent[] } {
    return { from: this.#returnedAt, events: [...this.#subscriber.events] };
  }

  async open(): Promise<void> {
    const { sqs, stage } = this.#platform;
    const { run } = this.#options;
    this.#refusing = await createFifoQueue(sqs, `${stage}-order-events--${run}-refusing.fifo`);
    const refuse = refusing(this.#refusing);
    this.#injector.incidents.add((call) => {
      const reply = refuse(call);
      if (reply) this.#injector.count('subscription that refuses every message');
      return reply;
    });
    await this.#subscribe();
  }

  /** Called with the number of orders so far: starts what is due then. */
  at(count: number): void {
    const { incidents } = this.#options;
    for (const [kind, { after, happen }] of Object.entries(this.#schedule())) {
      if (incidents && !incidents.includes(kind)) continue;
      if (count % this.#cycle !== Math.ceil(this.#cycle * after) % this.#cycle) continue;
      this.#chain = this.#chain.then(async () => {
        this.#options.log(`  after ${count} orders: ${kind}`);
        await happen();
        if (kind !== 'poison') this.#injector.count(kind);
      });
      // What goes wrong is told by `over`.
      this.#chain.catch(() => undefined);
    }
  }

  /** Resolves when everything that was stopped runs again. @throws Error when something could not happen */
  async over(): Promise<void> {
    await this.#chain;
  }

  async close(): Promise<void> {
    const { sqs } = this.#platform;
    await this.#subscriber.stop();
    for (const QueueUrl of [this.#refusing, this.#returning])
      if (QueueUrl) await sqs.send(new DeleteQueueCommand({ QueueUrl })).catch(() => undefined);
  }

  #schedule() {
    const { stage } = this.#platform;
    return {
      'publisher stopped': { after: 0.02, happen: () => this.#stopPublisher(`${stage}-orders`) },
      'subscription deleted and created again': { after: 0.1, happen: () => this.#recreate() },
      poison: { after: 0.2, happen: () => this.#poison() },
      'service killed and down for a while': { after: 0.5, happen: () => this.#stopService() },
    };
  }

  async #subscribe(): Promise<void> {
    const { sqs, stage } = this.#platform;
    const name = `${stage}-order-events--${this.#options.run}-returning.fifo`;
    this.#returning = await createFifoQueue(sqs, name);
    this.#subscriber = new Subscriber();
    this.#subscriber.start(sqs, this.#returning);
  }

  async #recreate(): Promise<void> {
    const { sqs } = this.#platform;
    await sqs.send(new DeleteQueueCommand({ QueueUrl: this.#returning }));
    await this.#subscriber.stop();
    await delay(1_500);
    await this.#subscribe();
    this.#returnedAt = new Date(Date.now() + RETURN_MS).toISOString();
  }

  async #poison(): Promise<void> {
    const { sqs, stage } = this.#platform;
    const sent = poison(this.#options.run);
    this.poison.push(...sent);
    await sendPoison(sqs, stage, sent);
    for (const { kind } of sent) this.#injector.count(`poison: ${kind}`);
  }

  async #stopPublisher(table: string): Promise<void> {
    const incident = publisherStopped(table);
    this.#injector.incidents.add(incident);
    await delay(PUBLISHER_STOPPED_MS);
    this.#injector.incidents.delete(incident);
    // What has waited goes out while things still break.
    await delay(3_000);
  }

  async #stopService(): Promise<void> {
    const { stage, env } = this.#platform;
    const record = findPlatform(stage);
    const service = SERVICES[this.#rounds++ % SERVICES.length] ?? 'inventory';
    if (record === undefined) throw new Error(`The platform of stage ${stage} is gone`);
    await killService(record, service);
    await delay(1_000);
    const output = openSync(RESTARTED_LOG, 'a');
    try {
      await startService(stage, service, { env: { ...process.env, ...env }, output, withinMs: START_MS });
    } finally {
      closeSync(output);
    }
  }
}
