import type { SQSClient } from '@aws-sdk/client-sqs';
import { deliverer } from './delivery.ts';
import { DeliveryMemory } from './delivery-memory.ts';
import type { OutboxMessage, PublishResult } from './outbox-message.ts';
import { parkIn } from './parking.ts';
import { beginPublishing } from './publish-spans.ts';
import { discoverSubscriptions, type Subscription } from './subscriptions.ts';

export interface TopicPublisherOptions {
  /** The topic's name, e.g. `order-events`. */
  readonly topic: string;
  /** The types of its events, to warn of subscriptions that select others. */
  readonly eventTypes: readonly string[];
  readonly stage: string;
  /** URLs of subscriptions in other accounts. */
  readonly extraUrls: readonly string[];
  /** How long a look-up of subscriptions is valid, in milliseconds. */
  readonly ttlMs: number;
}

/**
 * Sends events to every subscription of a topic: the queues whose name begins with `<stage>-<topic>--`.
 *
 * The events of an aggregate stay in order: each is sent only after the one before it was accepted. What a subscription
 * refuses permanently is parked in the topic's dead-letter queue `<stage>-dlq--<topic>.fifo`, with target and reason, and
 * stops neither other subscriptions nor later events. So are the events for a failing subscription, until it accepts
 * events again. A retry sends nothing again to subscriptions that have it.
 *
 * @returns a function that publishes, and returns what did not reach a subscription
 */
export function topicPublisher(
  sqs: SQSClient,
  { topic, eventTypes, stage, extraUrls, ttlMs }: TopicPublisherOptions,
) {
  const prefix = `${stage}-${topic}--`;
  const subscriptions = discoverSubscriptions(sqs, { prefix, eventTypes, extraUrls, ttlMs });
  const deliver = deliverer(sqs, subscriptions, parkIn(sqs, `${stage}-dlq--${topic}.fifo`));
  const memory = new DeliveryMemory();

  /** Delivers the events that the target wants and does not have yet. */
  async function deliverMissing(
    target: Subscription,
    messages: readonly OutboxMessage[],
  ): Promise<PublishResult> {
    const wanted = messages.filter(({ type }) => target.wants(type));
    if (memory.isEmpty) return deliver(target, wanted);
    const parkedBefore = wanted.filter((message) => memory.find(message, target.url) === 'parked');
    const missing = wanted.filter((message) => memory.find(message, target.url) === undefined);
    const { failed, parked } = await deliver(target, missing);
    return { failed, parked: [...parkedBefore, ...parked] };
  }

  /** Remembers, for a retry, which target has which event. */
  function remember(
    messages: readonly OutboxMessage[],
    targets: readonly Subscription[],
    results: readonly PublishResult[],
  ): void {
    const failedAnywhere = results.flatMap(({ failed }) => failed);
    const from = firstToRetry(messages, failedAnywhere);
    memory.delete(messages.slice(0, from));
    if (from === messages.length) return;
    const retried = messages.slice(from);
    targets.forEach((target, index) => {
      const failed = new Set(results[index]?.failed);
      const parked = new Set(results[index]?.parked);
      for (const message of retried) {
        if (failed.has(message) || !target.wants(message.type)) continue;
        memory.remember(message, target.url, parked.has(message) ? 'parked' : 'sent');
      }
    });
  }

  return async (messages: readonly OutboxMessage[]): Promise<PublishResult> => {
    const spans = beginPublishing?.(topic, messages);
    try {
      const targets = messages.length === 0 ? [] : await subscriptions.list();
      const results = await Promise.all(targets.map((target) => deliverMissing(target, messages)));
      remember(messages, targets, results);
      const result = {
        failed: results.flatMap(({ failed }) => failed),
        parked: results.flatMap(({ parked }) => parked),
      };
      spans?.end(result, targets);
      return result;
    } catch (error) {
      spans?.fail(error);
      throw error;
    }
  };
}

/** @returns the index of the first event that the stream's retry repeats: of the first record with a failed event */
export function firstToRetry(messages: readonly OutboxMessage[], failed: readonly OutboxMessage[]): number {
  if (failed.length === 0) return messages.length;
  const records = new Set(failed.map(({ sequenceNumber }) => sequenceNumber));
  return messages.findIndex(({ sequenceNumber }) => records.has(sequenceNumber));
}
