import { QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import type { Topic } from '@orderly/contracts';
import { log } from '../observability/log.ts';
import { DeliveryMemory } from './delivery-memory.ts';
import { fullBatches, inOrder } from './full-batches.ts';
import type { OutboxMessage, PublishResult } from './outbox-message.ts';
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

  async function deliver(target: Subscription, messages: readonly OutboxMessage[]): Promise<PublishResult> {
    const wanted = messages.filter(({ type }) => target.wants(type));
    if (memory.isEmpty) return deliverOrPutAside(target, wanted);
    const parkedBefore = wanted.filter((message) => memory.find(message, target.url) === 'parked');
    const left = wanted.filter((message) => memory.find(message, target.url) === undefined);
    const { failed, parked } = await deliverOrPutAside(target, left);
    return { failed, parked: [...parkedBefore, ...parked] };
  }

  async function deliverOrPutAside(
    target: Subscription,
    messages: readonly OutboxMessage[],
  ): Promise<PublishResult> {
    if (messages.length === 0) return { failed: [], parked: [] };
    const health = healthOf(target);
    const sending = new Sending(target);
    const untried = health.isFailing ? await probe(sending, health, messages) : messages;
    if (health.isFailing) return putAside(sending, health, messages, untried);
    await send(sending, health, untried);
    return health.isFailing ? putAside(sending, health, messages, []) : sending.remainder;
  }

  /**
   * Tries a failing target with the first events that it should get, now and then.
   *
   * @returns the events that were not tried
   */
  async function probe(
    sending: Sending,
    health: TargetHealth,
    messages: readonly OutboxMessage[],
  ): Promise<readonly OutboxMessage[]> {
    const [first = []] = fullBatches(messages);
    if (!health.beginProbe()) return messages;
    await sendReady(sending, first, AbortSignal.timeout(probeLimitMs));
    if (sending.accepted > 0) health.reset();
    const tried = new Set(first);
    return messages.filter((message) => !tried.has(message));
  }

  async function send(
    sending: Sending,
    health: TargetHealth,
    messages: readonly OutboxMessage[],
  ): Promise<void> {
    await inOrder(fullBatches(messages), (batch) => sendReady(sending, batch));
    const { target, accepted, reason } = sending;
    if (accepted > 0) health.reset();
    else if (reason !== undefined) health.failed(reason);
    if (reason !== undefined) log.warn('Events were not taken', { target: target.url, reason });
  }

  /** In the order in which they came: what has failed, and what was not even tried. */
  async function putAside(
    sending: Sending,
    health: TargetHealth,
    messages: readonly OutboxMessage[],
    untried: readonly OutboxMessage[],
  ): Promise<PublishResult> {
    const aside = new Set([...sending.remainder.failed, ...untried]);
    const reason = `It has taken nothing for a minute: ${health.reason}`;
    const refused = messages
      .filter((message) => aside.has(message))
      .map((message): Refused => [message, reason]);
    const { failed, parked } = await park(sending.target.url, refused);
    // It may be the publisher that reaches no queue. What has waited then shall not become a dead letter.
    if (failed.length > 0) health.reset();
    return { failed, parked: [...sending.remainder.parked, ...parked] };
  }

  async function sendReady(
    sending: Sending,
    batch: readonly OutboxMessage[],
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
    const later = [...refused].filter(([, { transient }]) => transient).map(([message]) => message);
    sending.settle(
      ready.length - refused.size,
      later,
      await park(
        target.url,
        never.map(([message, { reason }]): Refused => [message, reason]),
      ),
    );
    if (later.length > 0) sending.reason = first?.reason;
  }

  /** What comes again is not sent again to a target that has it, or was parked for it. */
  function remember(
    messages: readonly OutboxMessage[],
    targets: readonly Subscription[],
    remainders: readonly PublishResult[],
  ): void {
    const from = firstToComeAgain(
      messages,
      remainders.flatMap(({ failed }) => failed),
    );
    memory.forget(messages.slice(0, from));
    if (from === messages.length) return;
    const again = messages.slice(from);
    targets.forEach((target, index) => {
      const failed = new Set(remainders[index]?.failed);
      const parked = new Set(remainders[index]?.parked);
      for (const message of again) {
        if (failed.has(message) || !target.wants(message.type)) continue;
        memory.remember(message, target.url, parked.has(message) ? 'parked' : 'sent');
      }
    });
  }

  return async (messages: readonly OutboxMessage[]): Promise<PublishResult> => {
    const targets = messages.length === 0 ? [] : await subscriptions.list();
    const remainders = await Promise.all(targets.map((target) => deliver(target, messages)));
    remember(messages, targets, remainders);
    return {
      failed: remainders.flatMap(({ failed }) => failed),
      parked: remainders.flatMap(({ parked }) => parked),
    };
  };
}

/** @returns where the stream begins when it comes again: the first event of the first record with one that failed */
export function firstToComeAgain(
  messages: readonly OutboxMessage[],
  failed: readonly OutboxMessage[],
): number {
  if (failed.length === 0) return messages.length;
  const records = new Set(failed.map(({ sequenceNumber }) => sequenceNumber));
  return messages.findIndex(({ sequenceNumber }) => records.has(sequenceNumber));
}

/** The outcome of sending one target the events that it should get. */
class Sending {
  readonly target: Subscription;
  accepted = 0;
  /** Why the latest of them was not taken. */
  reason: string | undefined;
  readonly #held = new Set<string>();
  readonly #failed: OutboxMessage[] = [];
  readonly #parked: OutboxMessage[] = [];

  constructor(target: Subscription) {
    this.target = target;
  }

  get remainder(): PublishResult {
    return { failed: this.#failed, parked: this.#parked };
  }

  /** @returns those of a batch before which nothing of their group has failed; the others fail, too */
  holdBack(batch: readonly OutboxMessage[]): readonly OutboxMessage[] {
    this.#failed.push(...batch.filter(({ group }) => this.#held.has(group)));
    return batch.filter(({ group }) => !this.#held.has(group));
  }

  settle(accepted: number, later: readonly OutboxMessage[], { failed, parked }: PublishResult): void {
    this.accepted += accepted;
    this.#parked.push(...parked);
    for (const message of [...later, ...failed]) {
      this.#failed.push(message);
      this.#held.add(message.group);
    }
  }
}
