import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { findPlatform } from '@orderly/local/platform';
import { repositoryRoot } from '@orderly/local/ports';
import { killService } from '@orderly/local/service-control';
import { awsError } from '@orderly/support/aws-error';
import type { Evidence } from '@orderly/support/evidence';
import { type GroupedPoison, poison, poisonKinds, sendPoison } from '@orderly/support/poison';
import { startService } from '@orderly/support/services';
import { Subscription } from '@orderly/support/subscriber';
import { tableOf } from './delivery-faults.ts';
import { type FaultyPlatform, spareWakeUps } from './faulty-platform.ts';
import type { Incident, Injector } from './injector.ts';
import { answer } from './replies.ts';

/** A queue whose policy lets no publisher in. */
const refusing =
  (queueUrl: string): Incident =>
  ({ functionName, operation, input }) =>
    functionName !== undefined && operation === 'SendMessageBatch' && input.QueueUrl === queueUrl
      ? awsError(403, 'com.amazonaws.sqs#AccessDenied', `Access to the resource ${queueUrl} is denied`)
      : undefined;

/** The event source of a publisher is switched off: the stream goes on unread. */
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
const SERVICES = ['inventory', 'webhooks', 'orders', 'notifications'] as const;
/** The time that publishers need to find a queue that is there again, and to send what they had in hand. */
const RETURN_MS = 5_000;
/** What services print that were started again. */
const RESTARTED_LOG = join(repositoryRoot, '.orderly', 'faults-restarted.log');
/** A service that starts while everybody buys gets little of the machine. */
const START_MS = 300_000;
/** Long enough for an order to be placed and cancelled, so that both events wait in the stream. */
const PUBLISHER_STOPPED_MS = 10_000;

/** What happens to the platform as a whole while orders come in: one thing at a time, at given orders. */
export class Incidents {
  /** What was sent so far. */
  readonly poison: GroupedPoison[] = [];
  readonly #platform: FaultyPlatform;
  readonly #injector: Injector;
  readonly #options: IncidentOptions;
  readonly #cycle: number;
  #chain: Promise<void> = Promise.resolve();
  #rounds = 0;
  #refusing = '';
  #returning: Subscription | undefined;
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

  /** What happened, for the verdict. */
  evidence(): Required<Pick<Evidence, 'poison' | 'refusing' | 'returned'>> {
    const events = [...(this.#returning?.events ?? [])];
    return {
      poison: this.poison,
      refusing: this.#refusing,
      returned: { from: this.#returnedAt, events },
    };
  }

  async open(): Promise<void> {
    this.#refusing = await this.#platform.queues.create(`order-events--${this.#options.run}-refusing.fifo`);
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
      // `over` throws what goes wrong.
      this.#chain.catch(() => undefined);
    }
  }

  /** Resolves when everything that was stopped runs again. @throws Error when something could not happen */
  async over(): Promise<void> {
    await this.#chain;
  }

  async close(): Promise<void> {
    await this.#returning?.remove();
    if (this.#refusing) await this.#platform.queues.delete(this.#refusing).catch(() => undefined);
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
    this.#returning = await Subscription.open(this.#platform.queues, {
      topics: ['order-events'],
      subscriber: `${this.#options.run}-returning.fifo`,
    });
  }

  async #recreate(): Promise<void> {
    await this.#returning?.remove();
    await delay(1_500);
    await this.#subscribe();
    this.#returnedAt = new Date(Date.now() + RETURN_MS).toISOString();
  }

  async #poison(): Promise<void> {
    const sent = poison(this.#options.run);
    this.poison.push(...sent);
    await sendPoison(this.#platform.queues, sent);
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
    const options = { env: { ...process.env, ...env }, logFile: RESTARTED_LOG, withinMs: START_MS };
    await startService(stage, service, options);
    if (service === 'webhooks') await spareWakeUps(this.#platform);
  }
}
