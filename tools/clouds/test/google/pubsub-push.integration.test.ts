import { setTimeout as delay } from 'node:timers/promises';
import { ManualClock } from '@orderly/aws/test/manual-clock';
import type { Pushed } from './endpoint.ts';
import { until } from './poll.ts';
import { ask, isDone, publish, SUBSCRIPTION, start, startEnd, subscribe, TOPIC } from './pushing.ts';

describe('https://cloud.google.com/pubsub/docs/payload-unwrapping', () => {
  it('pushes the data alone, with attributes and metadata in headers', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    const noWrapper = { writeMetadata: true };
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, noWrapper } });
    await publish(pubsub, 'x', {
      orderingKey: 'order-1',
      attributes: {
        'Content-Type': 'application/cloudevents+json',
        type: 'placed',
        // What HTTP could not carry, or what would change the request itself, is left out.
        'not a header': 'x',
        lines: 'a\nb',
        Host: 'elsewhere',
        'Transfer-Encoding': 'chunked',
      },
    });
    await until('it is acknowledged', isDone(pubsub));

    expect(endpoint.texts()).toEqual(['x']);
    const { headers } = endpoint.pushed[0] as Pushed;
    expect(headers).toEqual({
      'content-type': 'application/cloudevents+json',
      type: 'placed',
      'x-goog-pubsub-subscription-name': SUBSCRIPTION,
      'x-goog-pubsub-message-id': '1',
      'x-goog-pubsub-publish-time': expect.stringMatching(/^\d{4}-.*Z$/),
      'x-goog-pubsub-ordering-key': 'order-1',
      'content-length': '1',
      'user-agent': 'CloudPubSub-Google',
      host: new URL(endpoint.url).host,
      connection: 'keep-alive',
    });
  });

  it('pushes nothing but the data without writeMetadata', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, noWrapper: {} } });
    await publish(pubsub, 'x', { attributes: { type: 'placed' } });
    await until('it is acknowledged', isDone(pubsub));
    expect(endpoint.pushed[0]?.headers).not.toHaveProperty('type');
    expect(endpoint.pushed[0]?.headers).not.toHaveProperty('x-goog-pubsub-message-id');
  });
});

describe('https://cloud.google.com/pubsub/docs/push', () => {
  it('pushes a JSON object with the message in it unless it is to be unwrapped', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd((_, count) => (count === 1 ? 500 : 200))];
    await ask(pubsub, 'PUT', 'projects/orderly/topics/dead-letters', {});
    const deadLetterPolicy = { deadLetterTopic: 'projects/orderly/topics/dead-letters' };
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url }, deadLetterPolicy });
    await publish(pubsub, 'x', { orderingKey: 'order-1', attributes: { type: 'placed' } });
    await until('it is acknowledged', isDone(pubsub));

    const [, second] = endpoint.texts().map((text) => JSON.parse(text));
    expect(endpoint.pushed[1]?.headers['content-type']).toBe('application/json');
    expect(second).toEqual({
      message: {
        data: Buffer.from('x').toString('base64'),
        attributes: { type: 'placed' },
        orderingKey: 'order-1',
        messageId: '1',
        message_id: '1',
        publishTime: expect.any(String),
        publish_time: expect.any(String),
      },
      subscription: SUBSCRIPTION,
      deliveryAttempt: 2,
    });
  });

  it.each([200, 201, 202, 204])('takes %d as an acknowledgement', async (status) => {
    const [pubsub, endpoint] = [await start(), await startEnd(() => status)];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));
    expect(endpoint.pushed).toHaveLength(1);
  });

  it.each([203, 302, 400, 429, 503])('takes %d as a refusal, and pushes again', async (status) => {
    const [pubsub, endpoint] = [await start(), await startEnd((_, count) => (count < 3 ? status : 204))];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));
    expect(endpoint.pushed).toHaveLength(3);
  });

  it('waits for an answer until the ack deadline, and then pushes again', async () => {
    const clock = new ManualClock();
    const pubsub = await start({ clock });
    const endpoint = await startEnd((_, count) => (count === 1 ? undefined : 204));
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url }, ackDeadlineSeconds: 20 });
    await publish(pubsub, 'x');
    await until('it is pushed', () => endpoint.pushed.length === 1);
    clock.advance(19_999);
    await delay(50);
    expect(endpoint.pushed).toHaveLength(1);
    clock.advance(1);
    await until('it is pushed again', () => {
      clock.advance(100);
      return endpoint.pushed.length === 2;
    });
    await until('it is acknowledged', isDone(pubsub));
  });

  it('backs off from 100 milliseconds on when the endpoint refuses', async () => {
    const clock = new ManualClock();
    const [pubsub, endpoint] = [await start({ clock }), await startEnd(() => 500)];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url } });
    await publish(pubsub, 'x');
    for (const [count, backoff] of [100, 200, 400, 800].entries()) {
      await until('it is refused', () => {
        const { outstanding } = pubsub.broker.subscription(SUBSCRIPTION).counts;
        return endpoint.pushed.length === count + 1 && outstanding === 0;
      });
      clock.advance(backoff - 1);
      await delay(20);
      expect(endpoint.pushed).toHaveLength(count + 1);
      clock.advance(1);
    }
  });

  it('pushes nothing during an outage, and everything afterwards', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, noWrapper: {} } });
    pubsub.fail(true);
    pubsub.broker.publish(TOPIC, [{ data: Buffer.from('x') }]);
    await delay(50);
    expect(endpoint.pushed).toEqual([]);
    pubsub.fail(false);
    await until('it is acknowledged', isDone(pubsub));
    expect(endpoint.texts()).toEqual(['x']);
  });

  it('becomes a pull subscription without an endpoint, and back', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, noWrapper: {} } });
    await ask(pubsub, 'POST', `${SUBSCRIPTION}:modifyPushConfig`, { pushConfig: {} });
    await publish(pubsub, 'x');
    const pulled = await ask(pubsub, 'POST', `${SUBSCRIPTION}:pull`, { maxMessages: 1 });
    const ackIds = pulled.body.receivedMessages?.map(({ ackId }) => ackId);
    expect(endpoint.pushed).toEqual([]);
    const pushConfig = { pushEndpoint: endpoint.url, noWrapper: {} };
    await ask(pubsub, 'PATCH', SUBSCRIPTION, { subscription: { pushConfig }, updateMask: 'push_config' });
    await ask(pubsub, 'POST', `${SUBSCRIPTION}:modifyAckDeadline`, {
      ackIds,
      ackDeadlineSeconds: 0,
    });
    await until('it is acknowledged', isDone(pubsub));
    expect(endpoint.texts()).toEqual(['x']);
  });
});

describe('https://cloud.google.com/pubsub/docs/ordering', () => {
  it('pushes one message of a key at a time, and the next when it is acknowledged', async () => {
    const underWay = new Map<string, number>();
    const most = new Map<string, number>();
    const pubsub = await start();
    const endpoint = await startEnd(async ({ headers }, count) => {
      const key = String(headers['x-goog-pubsub-ordering-key']);
      underWay.set(key, (underWay.get(key) ?? 0) + 1);
      most.set(key, Math.max(most.get(key) ?? 0, underWay.get(key) ?? 0));
      await delay(5);
      underWay.set(key, (underWay.get(key) ?? 0) - 1);
      return count % 4 === 0 ? 500 : 204;
    });
    const pushConfig = { pushEndpoint: endpoint.url, noWrapper: { writeMetadata: true } };
    await subscribe(pubsub, {
      pushConfig,
      enableMessageOrdering: true,
      retryPolicy: { minimumBackoff: '0s' },
    });
    for (const text of 'abcdef')
      for (const orderingKey of ['1', '2', '3']) await publish(pubsub, text, { orderingKey });
    await until('all are acknowledged', isDone(pubsub));

    expect([...most.values()]).toEqual([1, 1, 1]);
    for (const key of ['1', '2', '3']) {
      const own = endpoint.pushed.filter(({ headers }) => headers['x-goog-pubsub-ordering-key'] === key);
      const texts = own.map(({ body }) => body.toString());
      // A refused message is repeated before the next one comes.
      expect(texts.filter((text, i) => text !== texts[i - 1]).join('')).toBe('abcdef');
    }
  });
});
