import { QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { log } from '../../observability/log.ts';
import { fullBatches, inOrder } from './full-batches.ts';
import type { OutboxMessage, PublishResult } from './outbox-message.ts';
import type { Park, Refused } from './parking.ts';
import { sendBatch } from './send.ts';
import type { Subscription, Subscriptions } from './subscriptions.ts';
import { TargetHealth } from './target-health.ts';

/** A failing target that hangs must not delay the others for longer than this. */
const probeLimitMs = 1_000;

/**
 * @returns a function that sends events to one target; it parks what the target refuses permanently, and everything for a
 * failing target but a probe now and then
 */
export function deliverer(sqs: SQSClient, subscriptions: Subscriptions, park: Park) {
  const healths = new Map<string, TargetHealth>();

  function healthOf({ url }: Subscription): TargetHealth {
    const health = healths.get(url) ?? new TargetHealth();
    healths.set(url, health);
    return health;
  }

  async function deliver(target: Subscription, messages: readonly OutboxMessage[]): Promise<PublishResult> {
    if (messages.length === 0) return { failed: [], parked: [] };
    const health = healthOf(target);
    const delivery = new Delivery(target);
    const untried = health.isFailing ? await probe(delivery, health, messages) : messages;
    if (health.isFailing) return parkRest(delivery, health, messages, untried);
    await sendAll(delivery, health, untried);
    return health.isFailing ? parkRest(delivery, health, messages, []) : delivery.result;
  }

  /**
   * Sends the first events to a failing target, if a probe is due.
   *
   * @returns the events that were not tried
   */
  async function probe(
    delivery: Delivery,
    health: TargetHealth,
    messages: readonly OutboxMessage[],
  ): Promise<readonly OutboxMessage[]> {
    const [first = []] = fullBatches(messages);
    if (!health.beginProbe()) return messages;
    await send(delivery, first, AbortSignal.timeout(probeLimitMs));
    if (delivery.accepted > 0) health.reset();
    const tried = new Set(first);
    return messages.filter((message) => !tried.has(message));
  }

  async function sendAll(
    delivery: Delivery,
    health: TargetHealth,
    messages: readonly OutboxMessage[],
  ): Promise<void> {
    await inOrder(fullBatches(messages), (batch) => send(delivery, batch));
    const { target, accepted, reason } = delivery;
    if (accepted > 0) health.reset();
    else if (reason !== undefined) health.failed(reason);
    if (reason !== undefined)
      log.warn('A subscription did not accept events', { target: target.url, reason });
  }

  async function send(
    delivery: Delivery,
    batch: readonly OutboxMessage[],
    limit?: AbortSignal,
  ): Promise<void> {
    const ready = delivery.holdBack(batch);
    if (ready.length === 0) return;
    const { target } = delivery;
    const refused = await sendBatch(sqs, target.url, ready, limit);
    const [first] = refused.values();
    if (first?.error instanceof QueueDoesNotExist && (await subscriptions.isGone(target.url))) {
      log.warn('A subscription is gone; its events are dropped', { target: target.url });
      return;
    }
    const permanently = [...refused]
      .filter(([, { transient }]) => !transient)
      .map(([message, { reason }]): Refused => [message, reason]);
    const transiently = [...refused].filter(([, { transient }]) => transient).map(([message]) => message);
    delivery.settle(ready.length - refused.size, transiently, await park(target.url, permanently));
    if (transiently.length > 0) delivery.reason = first?.reason;
  }

  /** Parks what has failed and what was not tried, in the order of `messages`. */
  async function parkRest(
    delivery: Delivery,
    health: TargetHealth,
    messages: readonly OutboxMessage[],
    untried: readonly OutboxMessage[],
  ): Promise<PublishResult> {
    const rest = new Set([...delivery.result.failed, ...untried]);
    const reason = `It has taken nothing for a minute: ${health.reason}`;
    const refused = messages
      .filter((message) => rest.has(message))
      .map((message): Refused => [message, reason]);
    const { failed, parked } = await park(delivery.target.url, refused);
    // Perhaps the publisher reaches no queue at all. When it does again, its backlog must not become dead letters.
    if (failed.length > 0) health.probeNext();
    return { failed, parked: [...delivery.result.parked, ...parked] };
  }

  return deliver;
}

/** One delivery to one target, while it goes on. */
class Delivery {
  readonly target: Subscription;
  /** How many events the target has accepted. */
  accepted = 0;
  /** Why the target last refused an event for now. */
  reason: string | undefined;
  readonly #held = new Set<string>();
  readonly #failed: OutboxMessage[] = [];
  readonly #parked: OutboxMessage[] = [];

  constructor(target: Subscription) {
    this.target = target;
  }

  get result(): PublishResult {
    return { failed: this.#failed, parked: this.#parked };
  }

  /** Fails the events of groups in which an earlier event has failed. @returns the others */
  holdBack(batch: readonly OutboxMessage[]): readonly OutboxMessage[] {
    this.#failed.push(...batch.filter(({ group }) => this.#held.has(group)));
    return batch.filter(({ group }) => !this.#held.has(group));
  }

  settle(accepted: number, refused: readonly OutboxMessage[], { failed, parked }: PublishResult): void {
    this.accepted += accepted;
    this.#parked.push(...parked);
    for (const message of [...refused, ...failed]) {
      this.#failed.push(message);
      this.#held.add(message.group);
    }
  }
}
