import { type PubSubStandIn, startPubSub } from '../../src/google/pubsub/start.ts';
import { type Client, type ClientTopic, connect, type ReceivedMessage } from './client.ts';
import { until } from './poll.ts';

// Google's own client, over gRPC, on the stand-in.

let pubsub: PubSubStandIn;
let client: Client;
let topic: ClientTopic;
let topics = 0;

beforeAll(async () => {
  pubsub = await startPubSub({ port: 0, restPort: 0 });
  client = await connect(pubsub.address);
});

afterAll(async () => {
  await client?.close();
  await pubsub?.stop();
});

beforeEach(async () => {
  topics += 1;
  await client.createTopic(`topic-${topics}`);
  topic = client.topic(`topic-${topics}`, { messageOrdering: true });
});

const subscribe = async (options: object = {}) => {
  const [subscription] = await topic.createSubscription(`subscription-${topics}`, options);
  return subscription;
};

const publish = async (texts: string, orderingKey?: string): Promise<void> => {
  for (const text of texts)
    await topic.publishMessage({ data: Buffer.from(text), ...(orderingKey && { orderingKey }) });
};

const text = ({ data }: ReceivedMessage): string => data.toString();

describe("Google's client", () => {
  it('gets over a stream what it publishes', async () => {
    const subscription = await subscribe();
    const received: ReceivedMessage[] = [];
    subscription.on('message', (message) => {
      received.push(message);
      message.ack();
    });
    const before = Date.now();
    const id = await topic.publishMessage({ data: Buffer.from('hé'), attributes: { type: 'placed' } });
    await until('a message comes', () => received.length === 1);

    const [message] = received;
    expect(message).toMatchObject({ id, attributes: { type: 'placed' } });
    expect(message?.data.toString()).toBe('hé');
    expect(Number(message?.publishTime)).toBeGreaterThanOrEqual(before);
    await until('it is acknowledged', () => {
      const { unacknowledged } = pubsub.broker.subscription(subscription.name).counts;
      return unacknowledged === 0;
    });
    await subscription.close();
  });

  it('gets the messages of a key in order, and again from the one on that it refused', async () => {
    const subscription = await subscribe({ enableMessageOrdering: true });
    await publish('abcde', 'order-1');
    const received: string[] = [];
    subscription.on('message', (message) => {
      received.push(text(message));
      if (text(message) === 'c' && received.length === 3) message.nack();
      else message.ack();
    });
    await until('all are acknowledged', () => {
      const { unacknowledged } = pubsub.broker.subscription(subscription.name).counts;
      return unacknowledged === 0;
    });
    await subscription.close();
    expect(received.join('')).toMatch(/^abc(de?)?cde$/);
  });

  it('gets no more messages at once than it asks for', async () => {
    await subscribe();
    const subscription = client.subscription(`subscription-${topics}`, {
      flowControl: { maxMessages: 3, allowExcessMessages: false },
      streamingOptions: { maxStreams: 1 },
    });
    await publish('abcdefgh');
    const held: ReceivedMessage[] = [];
    let received = 0;
    subscription.on('message', (message) => {
      received += 1;
      held.push(message);
    });
    await until('three come', () => held.length >= 3);
    const { counts } = pubsub.broker.subscription(subscription.name);
    expect(counts).toEqual({ unacknowledged: 8, outstanding: 3 });
    while (received < 8) {
      for (const message of held.splice(0)) message.ack();
      await until('more come', () => held.length > 0 || received === 8);
    }
    for (const message of held.splice(0)) message.ack();
    await subscription.close();
  });

  it('shares the messages of a subscription among its receivers, each to one of them', async () => {
    await subscribe();
    const received: [string[], string[]] = [[], []];
    const receivers = received.map((texts) => {
      const receiver = client.subscription(`subscription-${topics}`, { flowControl: { maxMessages: 1 } });
      receiver.on('message', (message) => {
        texts.push(text(message));
        message.ack();
      });
      return receiver;
    });
    await publish('abcdefghij');
    await until('all have come', () => received.flat().length >= 10);
    await Promise.all(receivers.map((receiver) => receiver.close()));
    expect(received.flat().sort().join('')).toBe('abcdefghij');
    expect(received.map(({ length }) => length).every((count) => count > 0)).toBe(true);
  });

  it('finds in the dead-letter topic what it refused five times', async () => {
    const [deadLetters] = await client.createTopic(`dead-letters-${topics}`);
    const [dead] = await deadLetters.createSubscription(`dead-letters-${topics}`);
    const subscription = await subscribe({
      deadLetterPolicy: { deadLetterTopic: deadLetters.name, maxDeliveryAttempts: 5 },
    });
    const attempts: number[] = [];
    subscription.on('message', (message) => {
      attempts.push(message.deliveryAttempt);
      message.nack();
    });
    const found: ReceivedMessage[] = [];
    dead.on('message', (message) => {
      found.push(message);
      message.ack();
    });
    await publish('x');
    await until('a dead letter comes', () => found.length > 0);
    await Promise.all([subscription.close(), dead.close()]);
    expect(attempts).toEqual([1, 2, 3, 4, 5]);
    expect(found[0]?.attributes).toMatchObject({
      CloudPubSubDeadLetterSourceDeliveryCount: '5',
      CloudPubSubDeadLetterSourceSubscription: `subscription-${topics}`,
      CloudPubSubDeadLetterSourceSubscriptionProject: 'orderly',
    });
  });

  it('gets only what the filter of its subscription lets through', async () => {
    const subscription = await subscribe({
      filter: 'attributes.type = "placed" OR attributes.type = "shipped"',
    });
    for (const type of ['placed', 'cancelled', 'shipped'])
      await topic.publishMessage({ data: Buffer.from(type), attributes: { type } });
    const received: string[] = [];
    subscription.on('message', (message) => {
      received.push(text(message));
      message.ack();
    });
    await until('two come', () => received.length === 2);
    await subscription.close();
    expect(received.sort()).toEqual(['placed', 'shipped']);
  });

  it('reads and changes the settings of a subscription', async () => {
    const subscription = await subscribe({
      enableMessageOrdering: true,
      ackDeadlineSeconds: 30,
      retryPolicy: { minimumBackoff: { seconds: 1 }, maximumBackoff: { seconds: 2, nanos: 500_000_000 } },
    });
    await subscription.setMetadata({ ackDeadlineSeconds: 40 });
    const [metadata] = await subscription.getMetadata();
    expect(metadata).toMatchObject({
      topic: topic.name,
      enableMessageOrdering: true,
      ackDeadlineSeconds: 40,
      retryPolicy: {
        minimumBackoff: { seconds: '1', nanos: 0 },
        maximumBackoff: { seconds: '2', nanos: 500_000_000 },
      },
      messageRetentionDuration: { seconds: '604800', nanos: 0 },
      state: 'ACTIVE',
    });
    await subscription.modifyPushConfig({ pushEndpoint: 'https://example.com/push' });
    expect((await subscription.getMetadata())[0].pushConfig).toMatchObject({
      pushEndpoint: 'https://example.com/push',
    });
    await subscription.modifyPushConfig({});
  });

  it('lists topics and subscriptions', async () => {
    const subscription = await subscribe();
    const [names, subscriptions] = [await client.getTopics(), await client.getSubscriptions()];
    expect(names[0].map(({ name }) => name)).toContain(topic.name);
    expect(subscriptions[0].map(({ name }) => name)).toContain(subscription.name);
  });

  it('is told what does not exist, what exists, and what is not valid, with the codes of Google', async () => {
    await expect(client.topic('missing').publishMessage({ data: Buffer.from('x') })).rejects.toMatchObject({
      code: 5,
    });
    await expect(client.createTopic(`topic-${topics}`)).rejects.toMatchObject({ code: 6 });
    await expect(subscribe({ filter: 'nonsense' })).rejects.toMatchObject({ code: 3 });
    await expect(subscribe({ ackDeadlineSeconds: 5 })).rejects.toMatchObject({ code: 3 });
    await expect(client.createSchema('s', 'AVRO', '{}')).rejects.toMatchObject({ code: 12 });
    await expect(subscribe({ enableExactlyOnceDelivery: true })).rejects.toMatchObject({
      code: 12,
      details: expect.stringContaining('Subscription.enableExactlyOnceDelivery'),
    });
  });

  it('ends its stream with NOT_FOUND when the subscription is deleted', async () => {
    const subscription = await subscribe();
    const failures: number[] = [];
    subscription.on('error', ({ code }) => failures.push(code));
    subscription.on('message', (message) => message.ack());
    await publish('x');
    await until('it is connected', () => {
      const { unacknowledged } = pubsub.broker.subscription(subscription.name).counts;
      return unacknowledged === 0;
    });
    await client.subscription(`subscription-${topics}`).delete();
    await until('the stream fails', () => failures.length > 0);
    expect(failures).toEqual([5]);
    await subscription.close();
  });

  it('goes on by itself after an outage', async () => {
    const subscription = await subscribe();
    const received: string[] = [];
    subscription.on('message', (message) => {
      received.push(text(message));
      message.ack();
    });
    await publish('a');
    await until('the first comes', () => received.length === 1);
    pubsub.fail(true);
    const published = publish('b');
    const answer = await fetch(`${pubsub.url}/v1/${topic.name}`);
    expect([answer.status, await answer.json()]).toEqual([
      503,
      { error: expect.objectContaining({ code: 503, status: 'UNAVAILABLE' }) },
    ]);
    pubsub.fail(false);
    await published;
    await until('the second comes', () => received.length === 2);
    await subscription.close();
    expect(received).toEqual(['a', 'b']);
  });
});
