import { environment, text } from '../env.ts';
import { sweeping } from '../portable/sweeping.ts';
import type { OutboxEvent } from '../postgres/publish.ts';
import { type BusMessage, sendBatch } from './service-bus.ts';

/** The standard tier takes 256 KB with all headers, and the text is escaped once more within the batch. */
const maxBatchBytes = 192 * 1024;

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

/** In their order, each batch as large as it may be. */
function batches(events: readonly OutboxEvent[]): OutboxEvent[][] {
  const all: OutboxEvent[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const event of events) {
    const size = Buffer.byteLength(JSON.stringify(messageOf(event)));
    if (bytes + size > maxBatchBytes) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1)?.push(event);
    bytes += size;
  }
  return all;
}

/**
 * Publishes a service's outbox to a topic of Service Bus: the messages of an aggregate are a session. The function is a timer's:
 * it publishes what was left behind.
 *
 * Environment: `STAGE`.
 */
export function publishOutbox({ topic }: { readonly topic: string }) {
  const { STAGE: stage } = environment({ STAGE: text });
  return sweeping(async (events, signal) => {
    for (const batch of batches(events)) await sendBatch(`${stage}-${topic}`, batch.map(messageOf), signal);
  });
}
