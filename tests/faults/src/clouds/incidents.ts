import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { inDatabase } from '@orderly/clouds/postgres';
import { type GroupedPoison, poison, poisonKinds } from '@orderly/support/poison';
import type { FaultyCloud } from './faulty-cloud.ts';
import { incidentKinds, type PlannedIncident, planIncidents } from './plan-incidents.ts';

interface IncidentOptions {
  readonly seed: number;
  readonly run: string;
  readonly orders: number;
  readonly log: (line: string) => void;
  /** Counts a fault of a kind. */
  readonly count: (kind: string) => void;
}

/** How long a kill waits for an event of the service, or of any. */
const EVENT_MS = 3_000;
const CUTS = 5;
const BETWEEN_CUTS_MS = 100;

/** The kinds of faults that come. */
export const cloudFaults: readonly string[] = [
  ...incidentKinds.filter((kind) => kind !== 'poison'),
  ...poisonKinds.map((kind) => `poison: ${kind}`),
];

/** What happens to a cloud's platform while orders come in: one thing after the other, in the order that the seed draws. */
export class CloudIncidents {
  /** What was sent so far. */
  readonly poison: GroupedPoison[] = [];
  readonly #platform: FaultyCloud;
  readonly #options: IncidentOptions;
  readonly #plan: readonly PlannedIncident[];
  /** Each ends when the one before has ended and it has happened. */
  readonly #happened: Promise<void>[] = [];
  readonly #waiting = new Set<(source: string) => void>();

  constructor(platform: FaultyCloud, options: IncidentOptions) {
    this.#platform = platform;
    this.#options = options;
    this.#plan = planIncidents(options.seed, options.orders);
  }

  /**
   * Starts what is due before an order.
   *
   * @param order its number, from 0
   * @returns once all but the last one that is due has ended: customers buy on in the middle of it
   * @throws Error when something could not happen
   */
  async before(order: number): Promise<void> {
    for (let due = this.#next(); due && due.at <= order; due = this.#next()) {
      const incident = due;
      const chain = (this.#happened.at(-1) ?? Promise.resolve()).then(() => this.#happen(incident));
      // `over` throws what goes wrong.
      chain.catch(() => undefined);
      this.#happened.push(chain);
    }
    await this.#happened.at(-2);
  }

  /** Resolves when everything that was broken works again. @throws Error when something could not happen */
  async over(): Promise<void> {
    await this.#happened.at(-1);
  }

  /** To be called at once when the broker has got an event for the first time. @param source e.g. `orderly/orders` */
  onEvent(source: string): void {
    for (const waiting of [...this.#waiting]) waiting(source);
  }

  #next(): PlannedIncident | undefined {
    return this.#plan[this.#happened.length];
  }

  async #happen({ kind, service, ms, at }: PlannedIncident): Promise<void> {
    const { log, count } = this.#options;
    log(`  before order ${at}: ${[kind, service].filter(Boolean).join(', ')}`);
    switch (kind) {
      case 'killed after a send, before its outbox was emptied':
        return this.#killAfterSend(service, kind);
      case 'killed at any moment':
        await this.#event(() => true);
        await delay(ms);
        await this.#platform.restart(service);
        return count(kind);
      case 'broker down':
        this.#platform.breakBroker(true);
        await delay(ms);
        this.#platform.breakBroker(false);
        return count(kind);
      case 'connections of a database cut':
        for (let cut = 0; cut < CUTS; cut++) {
          await this.#cutConnections(service);
          await delay(BETWEEN_CUTS_MS);
        }
        return count(kind);
      case 'poison':
        return this.#sendPoison();
    }
  }

  /** The broker has its event, and the service has not learnt that, nor anything after it. */
  async #killAfterSend(service: string, kind: PlannedIncident['kind']): Promise<void> {
    let restarted: Promise<void> | undefined;
    await this.#event((source) => {
      if (source !== `orderly/${service}`) return false;
      restarted = this.#platform.restart(service);
      return true;
    });
    // It had nothing to send.
    await (restarted ?? this.#platform.restart(service));
    this.#options.count(restarted ? kind : 'killed at any moment');
  }

  /** Resolves with the first event that `isRight` takes, or when none has come for a while. */
  #event(isRight: (source: string) => boolean): Promise<void> {
    return new Promise((done) => {
      const end = () => {
        clearTimeout(timer);
        this.#waiting.delete(waiting);
        done();
      };
      const waiting = (source: string) => {
        if (isRight(source)) end();
      };
      const timer = setTimeout(end, EVENT_MS);
      this.#waiting.add(waiting);
    });
  }

  async #cutConnections(service: string): Promise<void> {
    const { databaseOf, postgres } = this.#platform;
    const database = decodeURIComponent(new URL(databaseOf(service)).pathname.slice(1));
    await inDatabase(postgres.url, (client) =>
      client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]),
    );
  }

  /** As a broken publisher would send it: all subscribers that want this type get it. */
  async #sendPoison(): Promise<void> {
    const sent = poison(this.#options.run);
    this.poison.push(...sent);
    for (const { kind, subscription, group: subject = randomUUID(), type, body } of sent) {
      const [topic = ''] = subscription.split('--');
      await this.#platform.publish(topic, { subject, type, body });
      this.#options.count(`poison: ${kind}`);
    }
  }
}
