import { randomUUID } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { depthOf, totalOf } from '@orderly/cli/queue-depth';
import { createClient } from '@orderly/demo/client';
import { createRandom } from '@orderly/demo/random';
import { settle } from '@orderly/demo/settle';
import { listQueues } from '@orderly/functions/messaging/subscriptions';
import { awsFaults } from './aws-faults.ts';
import { withoutDuplicates } from './checks/events.ts';
import type { Finding } from './checks/finding.ts';
import { type DeadLetter, DeadLetters } from './dead-letters.ts';
import { deliveryFaults } from './delivery-faults.ts';
import { type Evidence, readTables } from './evidence.ts';
import { type FaultyPlatform, VISIBILITY_SECONDS } from './faulty-platform.ts';
import { Incidents } from './incidents.ts';
import { Injector } from './injector.ts';
import { kills } from './kills.ts';
import { type Accepted, runLoad } from './load.ts';
import type { Plan } from './plan.ts';
import { createFifoQueue, emptyQueues } from './queues.ts';
import { Subscriber, TOPICS } from './subscriber.ts';
import { verdictOn } from './verdict.ts';

export interface RunOptions {
  readonly seed: number;
  /** Begins every id of the run, so that runs on one platform can be told apart. */
  readonly run: string;
  readonly plan: Plan;
  /** How many orders the plan has; incidents are spread over them. */
  readonly orders: number;
  /** Ends the load before its plan does. */
  readonly until: AbortSignal;
  readonly concurrency: number;
  /** How long a customer waits for a decision before going on without, in milliseconds. */
  readonly patienceMs: number;
  /** Milliseconds without progress after which what is still open counts as lost. */
  readonly stallMs: number;
  /** For some kinds of fault, how many calls go by for one that goes wrong. */
  readonly rates?: Readonly<Record<string, number>>;
  /** What else must be so in the end. */
  readonly promise?: (evidence: Evidence) => readonly Finding[];
  /** What happens to the platform as a whole meanwhile (see incidents.ts); everything where it is undefined. */
  readonly incidents?: readonly string[];
  readonly log: (line: string) => void;
}

export interface RunResult {
  readonly seed: number;
  /** How often each kind of fault was injected. */
  readonly faults: ReadonlyMap<string, number>;
  readonly orders: number;
  readonly events: number;
  /** Messages that repeated an event the subscriber had already. */
  readonly duplicateEvents: number;
  /** Mails that came more than once, with the same Message-ID. */
  readonly duplicateMails: number;
  /** Messages in dead-letter queues at the end: poison, and what the refusing subscription refused. */
  readonly parked: number;
  /** Good messages that failed too often, and were put back when the faults were over. */
  readonly redriven: number;
  readonly findings: readonly Finding[];
  readonly evidence: Evidence;
  readonly seconds: number;
}

/** A name for a run: short, and no other run's. */
export const newRun = (): string => `f${randomUUID().slice(0, 6)}`;

/** Puts the load on the platform while things break, waits until all is quiet, and judges what came out. */
export async function runUnderFaults(platform: FaultyPlatform, options: RunOptions): Promise<RunResult> {
  const startedAt = Date.now();
  await emptyQueues(platform.sqs, platform.stage);
  const run = new Run(platform, options);
  try {
    await run.open();
    await run.load();
    return { ...(await run.judge()), seconds: Math.round((Date.now() - startedAt) / 1000) };
  } finally {
    await run.close();
  }
}

/** Publishers look for new subscriptions every second. */
const DISCOVERY_MS = 2_000;
const LAST_FAULTS_MS = 30_000;
const MAIL_BUSY = 'mail server busy';

class Run {
  readonly #platform: FaultyPlatform;
  readonly #options: RunOptions;
  readonly #injector: Injector;
  readonly #incidents: Incidents;
  readonly #decided = new Set<string>();
  readonly #subscribers: Subscriber[] = [];
  readonly #queues: string[] = [];
  readonly #later = new Set<Promise<unknown>>();
  readonly #deadLetters: DeadLetters;
  readonly #mailsBefore: number;
  #accepted: Accepted = { orders: new Map(), stock: new Map(), products: new Map() };

  constructor(platform: FaultyPlatform, options: RunOptions) {
    const { seed } = options;
    this.#platform = platform;
    this.#options = options;
    const later = (send: () => Promise<unknown>, ms: number) => this.#sendLater(send, ms);
    const faults = [...kills(), ...deliveryFaults(VISIBILITY_SECONDS * 1_000, later), ...awsFaults];
    this.#injector = new Injector(faults, seed, options.rates);
    this.#injector.counts.set(MAIL_BUSY, 0);
    this.#incidents = new Incidents(platform, this.#injector, options);
    this.#deadLetters = new DeadLetters(platform.sqs, platform.stage);
    this.#mailsBefore = platform.mail.delivered.length;
  }

  /** Subscribes to everything, before anything happens. */
  async open(): Promise<void> {
    const { sqs, stage, mail } = this.#platform;
    for (const topic of TOPICS) {
      const url = await createFifoQueue(sqs, `${stage}-${topic}--${this.#options.run}.fifo`);
      this.#queues.push(url);
      const subscriber = new Subscriber(({ type, subject }) => {
        if (/^orderly\.order\.(confirmed|rejected|cancelled)/.test(type)) this.#decided.add(subject);
      });
      subscriber.start(sqs, url);
      this.#subscribers.push(subscriber);
    }
    await this.#incidents.open();
    await delay(DISCOVERY_MS);
    const random = createRandom(this.#options.seed - 1);
    const oneIn = this.#options.rates?.[MAIL_BUSY] ?? 6;
    let left = 1;
    mail.busy = () => {
      if (!this.#injector.active || --left > 0) return false;
      left = random.int(1, 2 * oneIn - 1);
      this.#injector.count(MAIL_BUSY);
      return true;
    };
    this.#platform.between(this.#injector.intercept);
  }

  async load(): Promise<void> {
    const { plan, concurrency, patienceMs, until, log } = this.#options;
    const { orders, inventory } = this.#platform.record.services;
    this.#injector.start();
    const { signal } = new AbortController();
    // Every call in flight listens to it; that is no leak.
    setMaxListeners(0, signal);
    const collecting = new AbortController();
    const collected = this.#deadLetters.collect(collecting.signal);
    log(`Placing orders, ${concurrency} at once, while things break.`);
    try {
      this.#accepted = await runLoad({
        plan,
        concurrency,
        patienceMs,
        until,
        client: createClient({ signal }),
        urls: { orders: orders?.url ?? '', inventory: inventory?.url ?? '' },
        decided: (orderId) => this.#decided.has(orderId),
        onOrder: (count) => this.#incidents.at(count),
      });
      await this.#incidents.over();
      if (this.#options.incidents === undefined) await this.#everyKindMet();
    } finally {
      this.#injector.stop();
      collecting.abort();
    }
    await Promise.all([...this.#later, collected]);
  }

  /** A fault that what is still on its way can meet gets a little more time, such as one of the mails of a late sale. */
  async #everyKindMet(): Promise<void> {
    const deadline = Date.now() + LAST_FAULTS_MS;
    while ([...this.#injector.counts.values()].includes(0) && Date.now() < deadline) await delay(100);
  }

  async judge(): Promise<Omit<RunResult, 'seconds'>> {
    const { log, seed } = this.#options;
    log('The faults are over; waiting until all is quiet.');
    const { evidence, findings } = await this.#settle();
    const events = withoutDuplicates(evidence.events).length;
    return {
      seed,
      faults: this.#injector.counts,
      orders: this.#accepted.orders.size,
      events,
      duplicateEvents: evidence.events.length - events,
      duplicateMails: evidence.mails.length - new Set(evidence.mails).size,
      parked: evidence.deadLetters.length,
      redriven: this.#deadLetters.redriven,
      findings,
      evidence,
    };
  }

  async close(): Promise<void> {
    const { sqs, mail } = this.#platform;
    this.#platform.between(undefined);
    mail.busy = () => false;
    await this.#incidents.close();
    await Promise.all(this.#subscribers.map((subscriber) => subscriber.stop()));
    await Promise.all(this.#queues.map((QueueUrl) => sqs.send(new DeleteQueueCommand({ QueueUrl }))));
  }

  #sendLater(send: () => Promise<unknown>, ms: number): void {
    const sent: Promise<unknown> = delay(ms)
      .then(send)
      .catch(() => undefined)
      .finally(() => this.#later.delete(sent));
    this.#later.add(sent);
  }

  /** Looks until nothing is found any more, or until what is found does not go away. */
  async #settle(): Promise<{ evidence: Evidence; findings: readonly Finding[] }> {
    const { stallMs, promise = () => [] } = this.#options;
    let last: { evidence: Evidence; findings: readonly Finding[] } | undefined;
    const look = async (): Promise<number> => {
      const before = new Set(last?.findings.filter(isForEver).map(({ text }) => text));
      await this.#redrive();
      const evidence = await this.#evidence();
      last = { evidence, findings: [...verdictOn(evidence), ...promise(evidence)] };
      const stays = last.findings.some(({ text }) => before.has(text));
      return stays ? 0 : last.findings.length;
    };
    const { signal } = new AbortController();
    await settle(look, { signal, stallMs, everyMs: 1_000 });
    return last ?? { evidence: await this.#evidence(), findings: [] };
  }

  /** Events before tables: what has been told has happened, and not the other way round. */
  async #evidence(): Promise<Evidence> {
    const { dynamodb, sqs, stage, mail } = this.#platform;
    const events = this.#subscribers.flatMap((subscriber) => subscriber.events);
    const returned = this.#incidents.returned();
    const inboxes = (await listQueues(sqs, `${stage}-`)).filter(
      (url) => /-events--(orders|inventory|notifications)\.fifo$/.test(url) && !url.includes('-dlq--'),
    );
    const depths = await Promise.all(inboxes.map((url) => depthOf(sqs, url)));
    return {
      accepted: this.#accepted,
      ...(await readTables(dynamodb, stage, this.#options.run)),
      events,
      returned,
      mails: mail.delivered.slice(this.#mailsBefore),
      deadLetters: await this.#deadLetters.take(),
      poison: this.#incidents.poison,
      refusing: this.#incidents.refusing,
      waiting: depths.reduce((sum, depth) => sum + (depth ? totalOf(depth) : 0), 0),
    };
  }

  /** Puts back what is no poison, as somebody on call would when the faults are over. */
  async #redrive(): Promise<void> {
    const poisoned = new Set(this.#incidents.poison.map(({ body }) => body));
    const isGood = ({ target, body }: DeadLetter) => target === undefined && !poisoned.has(body);
    await this.#deadLetters.redrive(isGood);
  }
}

/** Time does not heal these. */
const isForEver = ({ harm }: Finding): boolean => harm !== 'lost' && harm !== 'inconsistent';
