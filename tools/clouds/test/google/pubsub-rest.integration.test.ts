import { ask, isDone, publish, SUBSCRIPTION, start, subscribe, TOPIC } from './pushing.ts';

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
