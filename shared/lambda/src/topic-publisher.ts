import { QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import type { Topic } from '@orderly/contracts';
import { DeliveryMemory } from './delivery-memory.ts';
import type { Departure, Remainder } from './departure.ts';
import { fullBatches, inOrder } from './full-batches.ts';
import { log } from './log.ts';
import { parkingLot, type Refused } from './parking.ts';
import { sendBatch } from './send.ts';
import { discoverSubscriptions, type Subscription } from './subscriptions.ts';
import { TargetHealth } from './target-health.ts';

export interface TopicPublisherOptions {
  readonly topic: Topic;
  readonly stage: string;
  /** Queues in other accounts. */
  readonly extraUrls: readonly string[];
  /** How long a look-up of subscriptions is good for. */
  readonly ttlMs: number;
}

/** A failing target that hangs must not hold the others for longer than that. */
const probeLimitMs = 1_000;

/**
 * Sends events to every subscription of a topic.
 *
 * Order is kept per aggregate: an event is sent only when the one before it was. What one subscription will never
 * take is parked, with target and reason, in the topic's dead-letter queue `<stage>-dlq--<topic>.fifo`, and blocks
 * neither the other subscriptions nor the events behind it. So is what a failing subscription should get, until it
 * takes events again. What comes again is not sent again to those that have it.
 *
 * @returns a function that publishes, and says what did not reach some subscription
 */
export function topicPublisher(sqs: SQSClient, { topic, stage, extraUrls, ttlMs }: TopicPublisherOptions) {
  const prefix = `${stage}-${topic}--`;
  const subscriptions = discoverSubscriptions(sqs, { topic, prefix, extraUrls, ttlMs });
  const park = parkingLot(sqs, `${stage}-dlq--${topic}.fifo`);
  const memory = new DeliveryMemory();
  const healths = new Map<string, TargetHealth>();

  function healthOf({ url }: Subscription): TargetHealth {
    const health = healths.get(url) ?? new TargetHealth();
    healths.set(url, health);
    return health;
  }

  async function deliver(target: Subscription, departures: readonly Departure[]): Promise<Remainder> {
    const wanted = departures.filter(({ type }) => target.wants(type));
    if (memory.isEmpty) return deliverOrPutAside(target, wanted);
    const parkedBefore = wanted.filter((departure) => memory.find(departure, target.url) === 'parked');
    const left = wanted.filter((departure) => memory.find(departure, target.url) === undefined);
    const { failed, parked } = await deliverOrPutAside(target, left);
    return { failed, parked: [...parkedBefore, ...parked] };
  }

  async function deliverOrPutAside(
    target: Subscription,
    departures: readonly Departure[],
  ): Promise<Remainder> {
    if (departures.length === 0) return { failed: [], parked: [] };
    const health = healthOf(target);
    const sending = new Sending(target);
    const untried = health.isFailing ? await probe(sending, health, departures) : departures;
    if (health.isFailing) return putAside(sending, health, departures, untried);
    await send(sending, health, untried);
    return health.isFailing ? putAside(sending, health, departures, []) : sending.remainder;
  }

  /**
   * Tries a failing target with the first events that it should get, now and then.
   *
   * @returns the events that were not tried
   */
  async function probe(
    sending: Sending,
    health: TargetHealth,
    departures: readonly Departure[],
  ): Promise<readonly Departure[]> {
    const [first = []] = fullBatches(departures);
    if (!health.beginProbe()) return departures;
    await sendReady(sending, first, AbortSignal.timeout(probeLimitMs));
    if (sending.accepted > 0) health.reset();
    const tried = new Set(first);
    return departures.filter((departure) => !tried.has(departure));
  }

  async function send(
    sending: Sending,
    health: TargetHealth,
    departures: readonly Departure[],
  ): Promise<void> {
    await inOrder(fullBatches(departures), (batch) => sendReady(sending, batch));
    const { target, accepted, reason } = sending;
    if (accepted > 0) health.reset();
    else if (reason !== undefined) health.failed(reason);
    if (reason !== undefined) log.warn('Events were not taken', { target: target.url, reason });
  }

  /** In the order in which they came: what has failed, and what was not even tried. */
  async function putAside(
    sending: Sending,
    health: TargetHealth,
    departures: readonly Departure[],
    untried: readonly Departure[],
  ): Promise<Remainder> {
    const aside = new Set([...sending.remainder.failed, ...untried]);
    const reason = `It has taken nothing for a minute: ${health.reason}`;
    const refused = departures
      .filter((departure) => aside.has(departure))
      .map((departure): Refused => [departure, reason]);
    const { failed, parked } = await park(sending.target.url, refused);
    // It may be the publisher that reaches no queue. What has waited then shall not become a dead letter.
    if (failed.length > 0) health.reset();
    return { failed, parked: [...sending.remainder.parked, ...parked] };
  }

  async function sendReady(
    sending: Sending,
    batch: readonly Departure[],
    limit?: AbortSignal,
  ): Promise<void> {
    const ready = sending.holdBack(batch);
    if (ready.length === 0) return;
    const { target } = sending;
    const refused = await sendBatch(sqs, target.url, ready, limit);
    const [first] = refused.values();
    if (first?.error instanceof QueueDoesNotExist && (await subscriptions.isGone(target.url))) {
      log.warn('A subscription is gone; its events are dropped', { target: target.url });
      return;
    }
    const never = [...refused].filter(([, { transient }]) => !transient);
    const later = [...refused].filter(([, { transient }]) => transient).map(([departure]) => departure);
    sending.settle(
      ready.length - refused.size,
      later,
      await park(
        target.url,
        never.map(([departure, { reason }]): Refused => [departure, reason]),
      ),
    );
    if (later.length > 0) sending.reason = first?.reason;
  }

  /** What comes again is not sent again to a target that has it, or was parked for it. */
  function remember(
    departures: readonly Departure[],
    targets: readonly Subscription[],
    remainders: readonly Remainder[],
  ): void {
    const from = firstToComeAgain(
      departures,
      remainders.flatMap(({ failed }) => failed),
    );
    memory.forget(departures.slice(0, from));
    if (from === departures.length) return;
    const again = departures.slice(from);
    targets.forEach((target, index) => {
      const failed = new Set(remainders[index]?.failed);
      const parked = new Set(remainders[index]?.parked);
      for (const departure of again) {
        if (failed.has(departure) || !target.wants(departure.type)) continue;
        memory.remember(departure, target.url, parked.has(departure) ? 'parked' : 'sent');
      }
    });
  }

  return async (departures: readonly Departure[]): Promise<Remainder> => {
    const targets = departures.length === 0 ? [] : await subscriptions.list();
    const remainders = await Promise.all(targets.map((target) => deliver(target, departures)));
    remember(departures, targets, remainders);
    return {
      failed: remainders.flatMap(({ failed }) => failed),
      parked: remainders.flatMap(({ parked }) => parked),
    };
  };
}

/** @returns where the stream begins when it comes again: the first event of the first record with one that failed */
export function firstToComeAgain(departures: readonly Departure[], failed: readonly Departure[]): number {
  if (failed.length === 0) return departures.length;
  const records = new Set(failed.map(({ sequenceNumber }) => sequenceNumber));
  return departures.findIndex(({ sequenceNumber }) => records.has(sequenceNumber));
}

/** The outcome of sending one target the events that it should get. */
class Sending {
  readonly target: Subscription;
  accepted = 0;
  /** Why the latest of them was not taken. */
  reason: string | undefined;
  readonly #held = new Set<string>();
  readonly #failed: Departure[] = [];
  readonly #parked: Departure[] = [];

  constructor(target: Subscription) {
    this.target = target;
  }

  get remainder(): Remainder {
    return { failed: this.#failed, parked: this.#parked };
  }

  /** @returns those of a batch before which nothing of their group has failed; the others fail, too */
  holdBack(batch: readonly Departure[]): readonly Departure[] {
    this.#failed.push(...batch.filter(({ group }) => this.#held.has(group)));
    return batch.filter(({ group }) => !this.#held.has(group));
  }

  settle(accepted: number, later: readonly Departure[], { failed, parked }: Remainder): void {
    this.accepted += accepted;
    this.#parked.push(...parked);
    for (const departure of [...later, ...failed]) {
      this.#failed.push(departure);
      this.#held.add(departure.group);
    }
  }
}
