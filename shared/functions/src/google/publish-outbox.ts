import * as v from 'valibot';
import { environment, text } from '../env.ts';
import { sendInOrder } from '../portable/send-in-order.ts';
import { sweeping } from '../portable/sweeping.ts';
import type { OutboxEvent } from '../postgres/publish.ts';
import { callGoogle } from './service.ts';

/** A request takes 10 MB, here in base64: https://cloud.google.com/pubsub/quotas#resource_limits */
const maxBytes = 9_000_000;

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
  return sweeping((events, signal) =>
    sendInOrder(events, {
      maxBytes,
      bytesOf: (event) => JSON.stringify(messageOf(event)).length,
      async send(batch) {
        const body = JSON.stringify({ messages: batch.map(messageOf) });
        await callGoogle('pubsub', path, { method: 'POST', body, signal, local: env.PUBSUB_ENDPOINT });
      },
    }),
  );
}
