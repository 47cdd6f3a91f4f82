import { createPublicKey, verify } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { ManualClock } from '@orderly/aws/test/manual-clock';
import { type PubSubStandIn, startPubSub } from '../../src/google/pubsub/start.ts';
import { type Endpoint, type Pushed, startEndpoint } from './endpoint.ts';
import { until } from './poll.ts';

const TOPIC = 'projects/orderly/topics/orders';
const SUBSCRIPTION = 'projects/orderly/subscriptions/billing';

const stops: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const start = async (options: { readonly clock?: ManualClock } = {}): Promise<PubSubStandIn> => {
  const pubsub = await startPubSub({ port: 0, restPort: 0, ...options });
  stops.push(() => pubsub.stop());
  return pubsub;
};

const startEnd = async (answer?: Parameters<typeof startEndpoint>[0]): Promise<Endpoint> => {
  const endpoint = await startEndpoint(answer);
  stops.push(() => endpoint.stop());
  return endpoint;
};

const ask = async (pubsub: PubSubStandIn, method: string, path: string, body?: object) => {
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

const subscribe = async (pubsub: PubSubStandIn, settings: object): Promise<void> => {
  await ask(pubsub, 'PUT', TOPIC, {});
  const { status, body } = await ask(pubsub, 'PUT', SUBSCRIPTION, { topic: TOPIC, ...settings });
  expect([status, body]).toEqual([200, expect.anything()]);
};

const publish = async (pubsub: PubSubStandIn, texts: string, message: object = {}): Promise<void> => {
  for (const text of texts) {
    const messages = [{ data: Buffer.from(text).toString('base64'), ...message }];
    expect(await ask(pubsub, 'POST', `${TOPIC}:publish`, { messages })).toMatchObject({ status: 200 });
  }
};

const isDone = (pubsub: PubSubStandIn) => () =>
  pubsub.broker.subscription(SUBSCRIPTION).counts.unacknowledged === 0;

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

describe('https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions', () => {
  const decode = (part = ''): Record<string, unknown> =>
    JSON.parse(Buffer.from(part, 'base64url').toString());

  const tokenOf = ({ headers }: Pushed) => {
    const [scheme, token = ''] = headers.authorization?.split(' ') ?? [];
    const [header, claims, signature = ''] = token.split('.');
    return {
      scheme,
      header: decode(header),
      claims: decode(claims),
      signed: `${header}.${claims}`,
      signature,
    };
  };

  it('pushes with a token for the audience, signed with a key that the issuer shows', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    const oidcToken = { serviceAccountEmail: 'pusher@orderly.iam.gserviceaccount.com', audience: 'billing' };
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, oidcToken } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));

    const { scheme, header, claims, signed, signature } = tokenOf(endpoint.pushed[0] as Pushed);
    expect(scheme).toBe('Bearer');
    expect(claims).toEqual({
      aud: 'billing',
      email: 'pusher@orderly.iam.gserviceaccount.com',
      email_verified: true,
      iss: pubsub.url,
      iat: expect.any(Number),
      exp: Number(claims.iat) + 3_600,
      sub: expect.stringMatching(/^\d{21}$/),
      azp: claims.sub,
    });
    const discovery = await fetch(`${pubsub.url}/.well-known/openid-configuration`);
    const { jwks_uri, issuer } = (await discovery.json()) as { jwks_uri: string; issuer: string };
    const { keys } = (await (await fetch(jwks_uri)).json()) as { keys: { kid: string }[] };
    const key = keys.find(({ kid }) => kid === header.kid) ?? {};
    expect([issuer, header.alg]).toEqual([pubsub.url, 'RS256']);
    const publicKey = createPublicKey({ key, format: 'jwk' });
    expect(verify('RSA-SHA256', Buffer.from(signed), publicKey, Buffer.from(signature, 'base64url'))).toBe(
      true,
    );
  });

  it('takes the endpoint as the audience unless one is set', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    const oidcToken = { serviceAccountEmail: 'pusher@orderly.iam.gserviceaccount.com' };
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url, oidcToken } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));
    expect(tokenOf(endpoint.pushed[0] as Pushed).claims.aud).toBe(endpoint.url);
  });

  it('pushes without a token where none is configured', async () => {
    const [pubsub, endpoint] = [await start(), await startEnd()];
    await subscribe(pubsub, { pushConfig: { pushEndpoint: endpoint.url } });
    await publish(pubsub, 'x');
    await until('it is acknowledged', isDone(pubsub));
    expect(endpoint.pushed[0]?.headers).not.toHaveProperty('authorization');
  });
});

describe('https://cloud.google.com/pubsub/docs/reference/rest', () => {
  it('publishes, pulls, extends and acknowledges', async () => {
    const pubsub = await start();
    await subscribe(pubsub, {});
    await publish(pubsub, 'x', { attributes: { type: 'placed' }, orderingKey: 'k' });
    const pulled = await ask(pubsub, 'POST', `${SUBSCRIPTION}:pull`, { maxMessages: 10 });
    expect(pulled).toEqual({
      status: 200,
      body: {
        receivedMessages: [
          {
            ackId: expect.any(String),
            message: {
              data: Buffer.from('x').toString('base64'),
              attributes: { type: 'placed' },
              messageId: '1',
              orderingKey: 'k',
              publishTime: expect.stringMatching(/^\d{4}-.*Z$/),
            },
          },
        ],
      },
    });
    const ackIds = pulled.body.receivedMessages?.map(({ ackId }) => ackId);
    const extended = { ackIds, ackDeadlineSeconds: 60 };
    expect(await ask(pubsub, 'POST', `${SUBSCRIPTION}:modifyAckDeadline`, extended)).toEqual({
      status: 200,
      body: {},
    });
    expect(await ask(pubsub, 'POST', `${SUBSCRIPTION}:acknowledge`, { ackIds })).toEqual({
      status: 200,
      body: {},
    });
    expect(isDone(pubsub)()).toBe(true);
  });

  it("answers errors in Google's form", async () => {
    const pubsub = await start();
    expect(await ask(pubsub, 'POST', `${TOPIC}:publish`, { messages: [{ data: 'eA==' }] })).toEqual({
      status: 404,
      body: { error: { code: 404, message: 'Resource not found (resource=orders).', status: 'NOT_FOUND' } },
    });
    await ask(pubsub, 'PUT', TOPIC, {});
    expect(await ask(pubsub, 'PUT', TOPIC, {})).toMatchObject({ status: 409 });
    expect(await ask(pubsub, 'POST', `${TOPIC}:publish`, { messages: [{ data: '?' }] })).toMatchObject({
      status: 400,
    });
    const text = await fetch(`${pubsub.url}/v1/${TOPIC}:publish`, {
      method: 'POST',
      body: '{"messages":[]}',
    });
    expect(text.status).toBe(400);
    expect(await ask(pubsub, 'POST', `${SUBSCRIPTION}:seek`, {})).toEqual({
      status: 501,
      body: {
        error: {
          code: 501,
          message: `The stand-in for Pub/Sub does not implement POST /v1/${SUBSCRIPTION}:seek.`,
          status: 'UNIMPLEMENTED',
        },
      },
    });
  });
});
