import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { sweeping } from '../portable/sweeping.ts';
import type { OutboxEvent } from '../postgres/publish.ts';
import { callGoogle } from './service.ts';

const messageOf = ({ id, type, subject, body }: OutboxEvent) => ({
  data: Buffer.from(body).toString('base64'),
  orderingKey: subject,
  // What the filters of subscriptions select by.
  attributes: { id, type },
});

/**
 * Publishes a service's outbox to a topic of Pub/Sub, with the aggregate as ordering key, by the REST API: its client takes
 * longer to load than the whole function. The function is Cloud Scheduler's: it publishes what was left behind.
 * https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.topics/publish
 *
 * Environment: `STAGE`, `GOOGLE_CLOUD_PROJECT`, locally `PUBSUB_ENDPOINT`.
 */
export function publishOutbox({ topic }: { readonly topic: string }) {
  const env = environment({
    STAGE: text,
    GOOGLE_CLOUD_PROJECT: text,
    PUBSUB_ENDPOINT: v.optional(v.string(), ''),
  });
  const path = `/v1/projects/${env.GOOGLE_CLOUD_PROJECT}/topics/${env.STAGE}-${topic}:publish`;
  return sweeping(async (events, signal) => {
    for (const part of inParts(events)) {
      const body = JSON.stringify({ messages: part.map(messageOf) });
      await callGoogle('pubsub', path, { method: 'POST', body, signal, local: env.PUBSUB_ENDPOINT });
    }
  });
}

/** Of a request, in bytes; the rest is for attributes: https://cloud.google.com/pubsub/quotas#resource_limits */
const maxBytes = 9_000_000;

/** In order, each as large as a request may be. */
function inParts(events: readonly OutboxEvent[]): readonly (readonly OutboxEvent[])[] {
  const parts: OutboxEvent[][] = [];
  let left = 0;
  for (const event of events) {
    const size = Buffer.byteLength(event.body);
    if (parts.length === 0 || size > left) {
      parts.push([]);
      left = maxBytes;
    }
    parts.at(-1)?.push(event);
    left -= size;
  }
  return parts;
}
