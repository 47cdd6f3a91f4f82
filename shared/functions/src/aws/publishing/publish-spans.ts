import { eventName } from '@orderly/contracts';
import { envelopeOf } from '../../messaging/envelope.ts';
import { nextSpan } from '../../observability/request-context.ts';
import { beginSpan } from '../../observability/span.ts';
import type { OutboxMessage, PublishResult } from './outbox-message.ts';
import type { Subscription } from './subscriptions.ts';

/**
 * Begins a span for each event, which ends when all of them are published: they are sent together.
 *
 * `undefined` where spans are off.
 */
export const beginPublishing = beginSpan && begin;

function begin(topic: string, messages: readonly OutboxMessage[]) {
  const spans = messages.map((message) => ({
    message,
    end: beginSpan?.('producer', ...spanOf(topic, message)),
  }));
  return {
    end({ failed, parked }: PublishResult, targets: readonly Subscription[]): void {
      for (const { message, end } of spans) {
        const wanting = targets.filter((target) => target.wants(message.type)).length;
        const retried = countOf(message, failed);
        const refused = retried + countOf(message, parked);
        const reason = `${retried > 0 ? 'Not accepted' : 'Parked'} for ${refused} of ${wanting} subscriptions`;
        end?.(refused > 0 ? reason : undefined, { 'orderly.subscriptions': wanting - refused });
      }
    },
    fail(error: unknown): void {
      for (const { end } of spans) end?.(error);
    },
  };
}

const countOf = (message: OutboxMessage, messages: readonly OutboxMessage[]): number =>
  messages.filter((one) => one === message).length;

/** Name, attributes and context: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function spanOf(topic: string, { body, type, deduplicationId: eventId }: OutboxMessage) {
  const { traceparent: parent, correlationid: correlationId, subject } = envelopeOf(body);
  const attributes = {
    'messaging.system': 'aws_sqs',
    'messaging.operation.type': 'send',
    'messaging.destination.name': topic,
    'messaging.message.id': eventId,
    'cloudevents.event_type': type,
    'cloudevents.event_subject': subject,
  };
  const context = { traceparent: nextSpan(parent), parent, correlationId, eventId };
  return [`publish ${eventName(type)}`, attributes, context] as const;
}
