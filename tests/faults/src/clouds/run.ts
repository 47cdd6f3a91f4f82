import { clientOf } from '@orderly/support/client';
import { Driver } from '@orderly/support/driver';
import type { Evidence } from '@orderly/support/evidence';
import { runLoad } from '@orderly/support/load';
import { ReceivedEvents, withoutDuplicates } from '@orderly/support/subscriber';
import { findingsOf, settleVerdict } from '@orderly/support/verdict';
import type { RunOptions, RunResult } from '../run.ts';
import { CloudDeadLetters, outboxCheck, readDatabases } from './evidence.ts';
import type { FaultyCloud } from './faulty-cloud.ts';
import { CloudIncidents, cloudFaults } from './incidents.ts';
import { withRaces } from './races.ts';
import { Repeats } from './repeats.ts';

export type CloudRunOptions = Omit<RunOptions, 'rates' | 'promise' | 'incidents' | 'webhooks'>;

const REPEATED = 'event delivered again';
const TOO_LATE = 'order for which the last piece was gone';

/** Puts the load on a cloud's platform while things break, waits until all is quiet, and judges what came out. */
export async function runCloudUnderFaults(
  platform: FaultyCloud,
  options: CloudRunOptions,
): Promise<RunResult> {
  const startedAt = Date.now();
  const run = new CloudRun(platform, options);
  try {
    await run.load();
    return { ...(await run.judge()), seconds: Math.round((Date.now() - startedAt) / 1_000) };
  } finally {
    platform.watch(undefined);
  }
}

class CloudRun {
  readonly #platform: FaultyCloud;
  readonly #options: CloudRunOptions;
  readonly #faults = new Map([...cloudFaults, REPEATED, TOO_LATE].map((kind) => [kind, 0]));
  readonly #driver: Driver;
  readonly #incidents: CloudIncidents;
  readonly #repeats: Repeats;
  readonly #deadLetters: CloudDeadLetters;
  readonly #received = new ReceivedEvents();
  /** The ids of the events that have come. */
  readonly #known = new Set<string>();

  constructor(platform: FaultyCloud, options: CloudRunOptions) {
    const { seed, concurrency, patienceMs } = options;
    this.#platform = platform;
    this.#options = options;
    const client = clientOf(platform);
    this.#driver = new Driver({ client, concurrency, knownWithinMs: 5 * patienceMs });
    const count = (kind: string): void => void this.#faults.set(kind, (this.#faults.get(kind) ?? 0) + 1);
    this.#incidents = new CloudIncidents(platform, { ...options, count });
    this.#repeats = new Repeats(platform, seed, () => count(REPEATED));
    this.#deadLetters = new CloudDeadLetters(platform);
    platform.watch((topic, body) => this.#take(topic, body));
  }

  async load(): Promise<void> {
    const { plan, run, concurrency, patienceMs, until, log } = this.#options;
    log(`Placing orders, ${concurrency} at once, while things break.`);
    let orders = 0;
    await runLoad({
      plan: withRaces(plan, run, this.#options.orders),
      concurrency,
      patienceMs,
      until,
      driver: this.#driver,
      decision: (orderId) => this.#received.decision(orderId),
      onOrder: () => undefined,
      before: () => this.#incidents.before(orders++),
    });
    await this.#incidents.over();
    await this.#repeats.over();
  }

  async judge(): Promise<Omit<RunResult, 'seconds'>> {
    const { log, seed, stallMs } = this.#options;
    log('The faults are over; waiting until all is quiet.');
    let outboxes = await outboxCheck(this.#platform);
    const { evidence, checks } = await settleVerdict({
      collect: async () => {
        outboxes = await outboxCheck(this.#platform);
        return this.#evidence();
      },
      also: () => [outboxes],
      stallMs,
    });
    const events = withoutDuplicates(evidence.events).length;
    const { mails = [], orders } = evidence;
    const tooLate = orders.filter(({ rejectedAt }) => rejectedAt !== undefined).length;
    this.#faults.set(TOO_LATE, tooLate);
    return {
      seed,
      faults: this.#faults,
      orders: evidence.accepted.orders.size,
      events,
      duplicateEvents: evidence.events.length - events,
      duplicateMails: mails.length - new Set(mails).size,
      deadLetters: evidence.deadLetters.length,
      redriven: this.#deadLetters.redriven,
      webhooks: undefined,
      findings: findingsOf(checks),
      evidence,
    };
  }

  /** The recorder gets poison, too. */
  #take(topic: string, body: string): void {
    if (this.#isPoison(body)) return;
    this.#received.take(body);
    const event = this.#received.events.at(-1);
    if (event?.body !== body || this.#known.has(event.id)) return;
    this.#known.add(event.id);
    this.#incidents.onEvent(event.source);
    this.#repeats.onEvent(topic, event);
  }

  #isPoison(body: string): boolean {
    return this.#incidents.poison.some((poison) => poison.body === body);
  }

  /** Events before tables: what was published has happened, and not the other way round. */
  async #evidence(): Promise<Evidence> {
    await this.#deadLetters.redrive((body) => !this.#isPoison(body));
    const { events, garbage } = this.#received;
    const received = { events: [...events], garbage: [...garbage] };
    const waiting = this.#platform.waiting();
    return {
      ...received,
      accepted: this.#driver.accepted,
      before: new Map(),
      ...(await readDatabases(this.#platform, this.#options.run)),
      mails: [...this.#platform.mails],
      deadLetters: await this.#deadLetters.all(),
      deadLettersLeft: new Map(),
      waiting,
      poison: this.#incidents.poison,
    };
  }
}
