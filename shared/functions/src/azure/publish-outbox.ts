import { environment, text } from '../env.ts';
import { sendInOrder } from '../portable/send-in-order.ts';
import { sweeping } from '../portable/sweeping.ts';
import type { OutboxEvent } from '../postgres/publish.ts';
import { type BusMessage, sendBatch } from './service-bus.ts';

/**
 * The standard tier takes messages and batches of 256 KB with all properties; the text is escaped once more within the batch.
 * https://learn.microsoft.com/en-us/azure/service-bus-messaging/service-bus-quotas
 */
const maxBytes = 192 * 1024;
/** A body that is larger cannot be a message of the standard tier, which has its id, subject and type beside it. */
const largestBodyBytes = 255 * 1024;

const messageOf = ({ id, type, subject, body }: OutboxEvent): BusMessage => ({
  Body: body,
  BrokerProperties: {
    MessageId: id,
    SessionId: subject,
    // What the rules of subscriptions select by.
    Label: type,
    ContentType: 'application/cloudevents+json',
  },
});

/**
 * Publishes a service's outbox to a topic of Service Bus: the messages of an aggregate are a session. The function is a timer's:
 * it publishes what was left behind.
 *
 * Environment: `STAGE`, and that of `sendBatch`.
 */
export function publishOutbox({ topic }: { readonly topic: string }) {
  const { STAGE: stage } = environment({ STAGE: text });
  return sweeping((events, signal) =>
    sendInOrder(events, {
      maxBytes,
      bytesOf: (event) => Buffer.byteLength(JSON.stringify(messageOf(event))),
      send: (batch) => sendBatch(`${stage}-${topic}`, batch.map(messageOf), signal),
      // 403 is "Quota exceeded or message too large", and a full topic will have room again.
      isRefusal: ({ status }, [event, ...more]) =>
        status === 403 && more.length === 0 && Buffer.byteLength(event?.body ?? '') > largestBodyBytes,
    }),
  );
}
