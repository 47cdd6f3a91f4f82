import type { ManualClock } from '@orderly/aws/test/manual-clock';
import { type PubSubStandIn, startPubSub } from '../../src/google/pubsub/start.ts';
import { type Endpoint, startEndpoint } from './endpoint.ts';

// A stand-in for Pub/Sub and somebody to push to, both ended after each test.

export const TOPIC = 'projects/orderly/topics/orders';
export const SUBSCRIPTION = 'projects/orderly/subscriptions/billing';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

export const start = async (options: { readonly clock?: ManualClock } = {}): Promise<PubSubStandIn> => {
  const pubsub = await startPubSub({ port: 0, restPort: 0, ...options });
  stops.push(() => pubsub.stop());
  return pubsub;
};

export const startEnd = async (answer?: Parameters<typeof startEndpoint>[0]): Promise<Endpoint> => {
  const endpoint = await startEndpoint(answer);
  stops.push(() => endpoint.stop());
  return endpoint;
};

export const ask = async (pubsub: PubSubStandIn, method: string, path: string, body?: object) => {
  const answer = await fetch(`${pubsub.url}/v1/${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  return { status: answer.status, body: (await answer.json()) as Answer };
};

/** Of what the API answers, what the tests look into. */
interface Answer {
  readonly receivedMessages?: readonly { readonly ackId: string }[];
}

export const subscribe = async (pubsub: PubSubStandIn, settings: object): Promise<void> => {
  await ask(pubsub, 'PUT', TOPIC, {});
  const { status, body } = await ask(pubsub, 'PUT', SUBSCRIPTION, { topic: TOPIC, ...settings });
  expect([status, body]).toEqual([200, expect.anything()]);
};

export const publish = async (pubsub: PubSubStandIn, texts: string, message: object = {}): Promise<void> => {
  for (const text of texts) {
    const messages = [{ data: Buffer.from(text).toString('base64'), ...message }];
    expect(await ask(pubsub, 'POST', `${TOPIC}:publish`, { messages })).toMatchObject({ status: 200 });
  }
};

export const isDone = (pubsub: PubSubStandIn) => () =>
  pubsub.broker.subscription(SUBSCRIPTION).counts.unacknowledged === 0;
