import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type WebhookFigures, webhookFigures, webhookFindings } from '@orderly/support/checks/webhooks';
import { clientOf } from '@orderly/support/client';
import { type DeadLetter, DeadLetters } from '@orderly/support/dead-letters';
import { Driver } from '@orderly/support/driver';
import { type Evidence, readTables, readWebhooks } from '@orderly/support/evidence';
import { runLoad } from '@orderly/support/load';
import type { Plan } from '@orderly/support/plan';
import { createRandom } from '@orderly/support/random';
import { Subscription, withoutDuplicates } from '@orderly/support/subscriber';
import { type Check, type Finding, findingsOf, settleVerdict } from '@orderly/support/verdict';
import { WebhookReceivers } from '@orderly/support/webhook-receivers';
import { awsFaults } from './aws-faults.ts';
import { deliveryFaults } from './delivery-faults.ts';
import { type FaultyPlatform, VISIBILITY_SECONDS } from './faulty-platform.ts';
import { Incidents } from './incidents.ts';
import { Injector } from './injector.ts';
import { kills } from './kills.ts';

export interface RunOptions {
  readonly seed: number;
  /** Begins every id of the run, so that runs on one platform differ. */
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
  readonly promise?: (evidence: Evidence) => Check;
  /** What happens to the platform as a whole during the load (see incidents.ts); everything where it is undefined. */
  readonly incidents?: readonly string[];
  /** Whether five receivers of webhooks are registered, and judged; false where it is undefined. */
  readonly webhooks?: boolean;
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
  readonly deadLetters: number;
  /** Good messages that failed too often, and were redriven when the faults were over. */
  readonly redriven: number;
  /** Undefined where the run has no receivers of webhooks. */
  readonly webhooks: WebhookFigures | undefined;
  readonly findings: readonly Finding[];
  readonly evidence: Evidence;
  readonly seconds: number;
}

/** A name for a run: short, and no other run's. */
export const newRun = (): string => `f${randomUUID().slice(0, 6)}`;

/** Puts the load on the platform while things break, waits until all is quiet, and judges what came out. */
export async function runUnderFaults(platform: FaultyPlatform, options: RunOptions): Promise<RunResult> {
  const startedAt = Date.now();
  await platform.queues.empty();
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

/** Each endpoint gets what it should, and none waits for another. */
const webhookCheck = ({ events, webhooks = [] }: Evidence): Check => ({
  name: 'webhooks reach every living endpoint',
  checked: webhooks.length,
  findings: webhookFindings(events, webhooks),
});

class Run {
  readonly #platform: FaultyPlatform;
  readonly #options: RunOptions;
  readonly #injector: Injector;
  readonly #incidents: Incidents;
  readonly #client: ReturnType<typeof clientOf>;
  readonly #driver: Driver;
  readonly #later = new Set<Promise<unknown>>();
  readonly #deadLetters: DeadLetters;
  readonly #mailsBefore: number;
  #subscription: Subscription | undefined;
  #receivers: WebhookReceivers | undefined;

  constructor(platform: FaultyPlatform, options: RunOptions) {
    const { seed } = options;
    this.#platform = platform;
    this.#options = options;
    const later = (send: () => Promise<unknown>, ms: number) => this.#sendLater(send, ms);
    const faults = [...kills(), ...deliveryFaults(VISIBILITY_SECONDS * 1_000, later), ...awsFaults];
    this.#injector = new Injector(faults, seed, options.rates);
    this.#injector.counts.set(MAIL_BUSY, 0);
    this.#incidents = new Incidents(platform, this.#injector, options);
    this.#deadLetters = new DeadLetters(platform.queues);
    const { concurrency, patienceMs } = options;
    this.#client = clientOf(platform.record);
    this.#driver = new Driver({ client: this.#client, concurrency, knownWithinMs: 5 * patienceMs });
    this.#mailsBefore = platform.mail.delivered.length;
  }

  /** Subscribes to everything, before anything happens. */
  async open(): Promise<void> {
    const { queues, mail } = this.#platform;
    this.#subscription = await Subscription.open(queues, { subscriber: `${this.#options.run}.fifo` });
    if (this.#options.webhooks)
      this.#receivers = await WebhookReceivers.open(this.#client, this.#options.seed);
    await this.#incidents.open();
    await delay(DISCOVERY_MS);
    const random = createRandom(this.#options.seed - 1);
    const oneIn = this.#options.rates?.[MAIL_BUSY] ?? 6;
    let left = 1;
    mail.answers.data = () => {
      if (!this.#injector.active || --left > 0) return undefined;
      left = random.int(1, 2 * oneIn - 1);
      this.#injector.count(MAIL_BUSY);
      return 451;
    };
    this.#platform.between(this.#injector.intercept);
  }

  async load(): Promise<void> {
    const { plan, concurrency, patienceMs, until, log } = this.#options;
    this.#injector.start();
    const collecting = new AbortController();
    const collected = this.#deadLetters.collect(collecting.signal);
    log(`Placing orders, ${concurrency} at once, while things break.`);
    try {
      await runLoad({
        plan,
        concurrency,
        patienceMs,
        until,
        driver: this.#driver,
        decision: async (orderId) => this.#subscription?.decision(orderId),
        onOrder: (count) => this.#incidents.at(count),
      });
      await this.#incidents.over();
      if (this.#options.incidents === undefined) await this.#everyKindMet();
    } finally {
      this.#injector.stop();
      this.#receivers?.hurry();
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
    const { log, seed, stallMs, promise } = this.#options;
    log('The faults are over; waiting until all is quiet.');
    const { evidence, checks } = await settleVerdict({
      collect: () => this.#evidence(),
      also: (of) => [...(promise ? [promise(of)] : []), webhookCheck(of)],
      stallMs,
    });
    const events = withoutDuplicates(evidence.events).length;
    const { mails = [] } = evidence;
    return {
      seed,
      faults: this.#injector.counts,
      orders: evidence.accepted.orders.size,
      events,
      duplicateEvents: evidence.events.length - events,
      duplicateMails: mails.length - new Set(mails).size,
      deadLetters: evidence.deadLetters.length,
      redriven: this.#deadLetters.redriven,
      webhooks: webhookFigures(evidence.events, evidence.webhooks ?? []),
      findings: findingsOf(checks),
      evidence,
    };
  }

  async close(): Promise<void> {
    const { mail } = this.#platform;
    this.#platform.between(undefined);
    delete mail.answers.data;
    await this.#incidents.close();
    await this.#subscription?.remove();
    await this.#receivers?.close(this.#client);
  }

  #sendLater(send: () => Promise<unknown>, ms: number): void {
    const sent: Promise<unknown> = delay(ms)
      .then(send)
      .catch(() => undefined)
      .finally(() => this.#later.delete(sent));
    this.#later.add(sent);
  }

  /** Events before tables: what was published has happened, and not the other way round. */
  async #evidence(): Promise<Evidence> {
    await this.#redrive();
    const { dynamodb, queues, stage, mail } = this.#platform;
    const prefix = `${this.#options.run}-`;
    const { events = [], garbage = [] } = this.#subscription ?? {};
    const received = { events: [...events], garbage: [...garbage], ...this.#incidents.evidence() };
    const waiting = await queues.waiting();
    return {
      ...received,
      accepted: this.#driver.accepted,
      before: new Map(),
      ...(await readTables(dynamodb, stage, {
        isOrder: ({ customerId }) => customerId.startsWith(prefix),
        isProduct: (sku) => sku.startsWith(prefix),
      })),
      webhooks: await readWebhooks(dynamodb, stage, this.#receivers?.all ?? []),
      mails: mail.delivered.slice(this.#mailsBefore).map(({ messageId }) => messageId),
      deadLetters: await this.#deadLetters.take(),
      deadLettersLeft: new Map(),
      waiting,
    };
  }

  /** Redrives what is no poison, as somebody on call would when the faults are over. */
  async #redrive(): Promise<void> {
    const poisoned = new Set(this.#incidents.poison.map(({ body }) => body));
    const isGood = ({ target, body }: DeadLetter) => target === undefined && !poisoned.has(body);
    await this.#deadLetters.redrive(isGood);
  }
}
