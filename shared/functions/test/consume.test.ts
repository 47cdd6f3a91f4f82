import { type CloudEvent, OrderCancelled, OrderPlaced, on, ProductUpserted } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { consume, type Invocation } from '../src/messaging/consume.ts';
import { log } from '../src/observability/log.ts';
import { currentRequestContext, requestContextKeys } from '../src/observability/request-context.ts';
import { consumerFailingFor, failed, message, messages } from './consumer-under-test.ts';
import { context } from './invocations.ts';
import { orderEvent, sqsRecord } from './records.ts';

afterEach(() => jest.restoreAllMocks());

describe('a consumer of a FIFO queue', () => {
  it('acknowledges a batch that was handled', async () => {
    const { handler, tried } = consumerFailingFor();

    const answer = await handler(messages('A:1', 'B:1', 'A:2'), context);

    expect(answer).toEqual(failed());
    expect(tried.toSorted()).toEqual(['A:1', 'A:2', 'B:1']);
  });

  it('returns the rest of a group whose message failed, untried, and goes on with other groups', async () => {
    const { handler, tried } = consumerFailingFor('A:2');

    const answer = await handler(messages('A:1', 'A:2', 'B:1', 'A:3', 'B:2', 'A:4'), context);

    expect(answer).toEqual(failed('A:2', 'A:3', 'A:4'));
    expect(tried.toSorted()).toEqual(['A:1', 'A:2', 'B:1', 'B:2']);
  });

  it('hands on the message as it was published, with members that the contracts do not know', async () => {
    const bodies: string[] = [];
    const handler = consume(
      on(OrderPlaced, async (_event, { body }) => {
        bodies.push(body);
      }),
    );
    const event = { ...orderEvent('A'), addedlater: true };

    expect(await handler({ Records: [sqsRecord(event, 'A')] }, context)).toEqual(failed());

    expect(bodies).toEqual([JSON.stringify(event)]);
  });

  it('handles the messages of a group one after the other, in order', async () => {
    const steps: string[] = [];
    const handler = consume(
      on(OrderPlaced, async ({ sequence }) => {
        steps.push(`begin ${sequence}`);
        await new Promise(setImmediate);
        steps.push(`end ${sequence}`);
      }),
    );

    await handler(messages('A:1', 'A:2', 'A:3'), context);

    expect(steps).toEqual(['begin 1', 'end 1', 'begin 2', 'end 2', 'begin 3', 'end 3']);
  });

  it('handles groups side by side', async () => {
    const steps: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const handler = consume(
      on(OrderPlaced, async ({ subject }) => {
        // A ends only after B: one after the other, they would wait for ever.
        if (subject === 'A') await released;
        else release();
        steps.push(subject);
      }),
    );

    await handler(messages('A:1', 'B:1'), context);

    expect(steps).toEqual(['B', 'A']);
  });

  it('treats a reaction that throws synchronously as failed', async () => {
    const handler = consume(
      on(OrderPlaced, () => {
        throw new Error('at once');
      }),
    );

    expect(await handler(messages('A:1'), context)).toEqual(failed('A:1'));
  });
});

it('a consumer of a standard queue tries every message, since such a queue keeps no order', async () => {
  const { handler, tried } = consumerFailingFor('A:1', 'A:3');
  const eventSourceARN = 'arn:aws:sqs:eu-central-1:000000000000:test-order-events--warehouse';
  const { Records } = messages('A:1', 'A:2', 'A:3', 'B:1');
  const ungrouped = sqsRecord(orderEvent('C', { sequence: 1 }));

  const answer = await handler(
    { Records: [...Records, ungrouped].map((record) => ({ ...record, eventSourceARN })) },
    context,
  );

  expect(answer).toEqual(failed('A:1', 'A:3'));
  expect(tried).toEqual(['A:1', 'A:2', 'A:3', 'B:1', 'C:1']);
});

it('a consumer acknowledges an event without a reaction, and goes on with its group', async () => {
  const { handler, tried } = consumerFailingFor();
  const unknown = sqsRecord({ type: 'orderly.order.audited.v1', data: 'anything' }, 'A');

  const answer = await handler({ Records: [unknown, message('A:1')] }, context);

  expect(answer).toEqual(failed());
  expect(tried).toEqual(['A:1']);
});

describe('a message that breaks its schema', () => {
  const invalid = orderEvent('A', { data: { ...sampleEvent(OrderPlaced).data, total: -1 } });

  it.each([
    [invalid, '/data/total: An amount must be at least 0'],
    ['not json', 'Invalid JSON'],
    ['{}', '/type: Not a CloudEvent: "type" is missing'],
  ])('fails without a reaction, and the log says why (%#)', async (body, reason) => {
    const { handler, tried } = consumerFailingFor();
    const logged = jest.spyOn(log, 'error');

    const answer = await handler({ Records: [sqsRecord(body, 'A', 'poison')] }, context);

    expect(answer).toEqual(failed('poison'));
    expect(tried).toEqual([]);
    expect(logged).toHaveBeenCalledWith('Message failed; it will be redelivered or dead-lettered', {
      message_id: 'poison',
      queue: 'test-order-events--inventory.fifo',
      receive_count: 2,
      error: expect.objectContaining({ name: 'InvalidEventError', message: reason }),
    });
  });

  it('holds back its group, so that order is kept until it is dead-lettered', async () => {
    const { handler, tried } = consumerFailingFor();
    const poison = sqsRecord(invalid, 'A', 'poison');

    const answer = await handler({ Records: [poison, message('A:2'), message('B:1')] }, context);

    expect(answer).toEqual(failed('poison', 'A:2'));
    expect(tried).toEqual(['B:1']);
  });
});

describe('the request context of an event', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('has its correlation id, the event as the cause, the log keys, and a new span of its trace', async () => {
    const contexts: unknown[] = [];
    const handler = consume(
      { logKeys: { order_id: 'orderId' } },
      on(OrderPlaced, async () => void contexts.push(currentRequestContext())),
      on(ProductUpserted, async () => void contexts.push(currentRequestContext())),
    );
    const first = orderEvent('A', { correlationid: 'request 1', traceparent });
    const second = { ...sampleEvent(ProductUpserted), correlationid: 'request 2' };

    await handler({ Records: [sqsRecord(first, 'A'), sqsRecord(second, 'B')] }, context);

    const inTrace = expect.stringMatching(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)\w{16}-01$/,
    );
    const inNewTrace = expect.stringMatching(/^00-(?!0af7651916cd43dd8448eb211c80319c)\w{32}-\w{16}-01$/);
    const ids = ({ id }: CloudEvent) => ({ causationId: id, eventId: id });
    const order_id = sampleEvent(OrderPlaced).data.orderId;
    expect(contexts).toEqual([
      {
        correlationId: 'request 1',
        traceparent: inTrace,
        parent: traceparent,
        logKeys: { order_id },
        ...ids(first),
      },
      { correlationId: 'request 2', traceparent: inNewTrace, logKeys: {}, ...ids(second) },
    ]);
  });

  it('is that of the log line of its failure', async () => {
    const keys: unknown[] = [];
    jest.spyOn(log, 'error').mockImplementation(() => void keys.push(requestContextKeys()));
    const event = orderEvent('A', { sequence: 1, correlationid: 'request 1' });

    await consumerFailingFor('A:1').handler({ Records: [sqsRecord(event, 'A')] }, context);

    expect(keys).toMatchObject([{ correlation_id: 'request 1', event_id: event.id }]);
  });
});

it('each event is given to the reaction of its type, with the time that is left', async () => {
  const calls: unknown[] = [];
  const handler = consume(
    on(OrderPlaced, async ({ data }) => void calls.push(['placed', data.placedAt])),
    on(OrderCancelled, async ({ data }, invocation: Invocation) => {
      calls.push(['cancelled', data.cancelledAt, invocation.remainingMs()]);
    }),
  );
  const placed = sampleEvent(OrderPlaced);
  const cancelled = sampleEvent(OrderCancelled);

  await handler({ Records: [sqsRecord(placed, 'A'), sqsRecord(cancelled, 'A')] }, context);

  expect(calls).toEqual([
    ['placed', placed.data.placedAt],
    ['cancelled', cancelled.data.cancelledAt, 3_000],
  ]);
});
