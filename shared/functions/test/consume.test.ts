import { type CloudEvent, OrderCancelled, OrderPlaced, on, ProductUpserted } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { consume, type Invocation } from '../src/messaging/consume.ts';
import { log } from '../src/observability/log.ts';
import { currentRequestContext, requestContextKeys } from '../src/observability/request-context.ts';
import { context } from './invocations.ts';
import { orderEvent, sqsRecord } from './records.ts';

/** A function that notes what it is given, and fails for the subjects named. */
function recorder(...failing: readonly string[]) {
  const handled: string[] = [];
  const handler = consume(
    on(OrderPlaced, async ({ subject, sequence }) => {
      handled.push(`${subject}:${sequence}`);
      if (failing.includes(`${subject}:${sequence}`)) throw new Error('refused');
    }),
  );
  return { handled, handler };
}

/** `A:1` is the first event of the group A; its message has the same id. */
const message = (name: string, { fifo = true } = {}) => {
  const [group = '', sequence] = name.split(':');
  return sqsRecord(orderEvent(group, { sequence: Number(sequence) }), fifo ? group : undefined, name);
};
const messages = (...names: readonly string[]) => ({ Records: names.map((name) => message(name)) });
const failed = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

afterEach(() => jest.restoreAllMocks());

describe('a FIFO subscription', () => {
  it('acknowledges a batch that was handled', async () => {
    const { handler, handled } = recorder();

    const answer = await handler(messages('A:1', 'B:1', 'A:2'), context);

    expect(answer).toEqual(failed());
    expect(handled.toSorted()).toEqual(['A:1', 'A:2', 'B:1']);
  });

  it('gives back the rest of a group whose message failed, untried, and goes on with other groups', async () => {
    const { handler, handled } = recorder('A:2');

    const answer = await handler(messages('A:1', 'A:2', 'B:1', 'A:3', 'B:2', 'A:4'), context);

    expect(answer).toEqual(failed('A:2', 'A:3', 'A:4'));
    expect(handled.toSorted()).toEqual(['A:1', 'A:2', 'B:1', 'B:2']);
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

  it('handles groups side by side: one that waits does not hold the others', async () => {
    const steps: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    const handler = consume(
      on(OrderPlaced, async ({ subject }) => {
        // A ends only after B has: one after the other they would wait for ever.
        if (subject === 'A') await released;
        else release();
        steps.push(subject);
      }),
    );

    await handler(messages('A:1', 'B:1'), context);

    expect(steps).toEqual(['B', 'A']);
  });

  it('takes a handler that throws at once for one that fails', async () => {
    const handler = consume(
      on(OrderPlaced, () => {
        throw new Error('at once');
      }),
    );

    expect(await handler(messages('A:1'), context)).toEqual(failed('A:1'));
  });
});

describe('a standard subscription', () => {
  it('tries every message, and gives back only those that failed', async () => {
    const { handler, handled } = recorder('A:1', 'A:3');
    const Records = ['A:1', 'A:2', 'A:3', 'B:1'].map((name) => message(name, { fifo: false }));

    const answer = await handler({ Records }, context);

    expect(answer).toEqual(failed('A:1', 'A:3'));
    expect(handled).toEqual(['A:1', 'A:2', 'A:3', 'B:1']);
  });
});

it('an empty batch is acknowledged', async () => {
  const { handler } = recorder();

  expect(await handler({ Records: [] }, context)).toEqual(failed());
});

it('an event of a type that nothing is tied to is acknowledged and does not hold its group', async () => {
  const { handler, handled } = recorder();
  const unknown = sqsRecord({ type: 'orderly.order.audited.v1', data: 'anything' }, 'A');

  const answer = await handler({ Records: [unknown, message('A:1')] }, context);

  expect(answer).toEqual(failed());
  expect(handled).toEqual(['A:1']);
});

describe('a message that breaks its schema', () => {
  const invalid = orderEvent('A', { data: { ...sampleEvent(OrderPlaced).data, total: -1 } });

  it.each([
    [invalid, '/data/total: An amount must be at least 0'],
    ['not json', 'Invalid JSON'],
    ['{}', '/type: Not a CloudEvent: "type" is missing'],
  ])('fails, unhandled, with the reason in the log (%#)', async (body, reason) => {
    const { handler, handled } = recorder();
    const logged = jest.spyOn(log, 'error');

    const answer = await handler({ Records: [sqsRecord(body, 'A', 'poison')] }, context);

    expect(answer).toEqual(failed('poison'));
    expect(handled).toEqual([]);
    expect(logged).toHaveBeenCalledWith('Message failed; it will be delivered again or parked', {
      message_id: 'poison',
      queue: 'test-order-events--inventory.fifo',
      receive_count: 2,
      error: expect.objectContaining({ name: 'InvalidEventError', message: reason }),
    });
  });

  it('holds its group, so that order is kept until it is parked', async () => {
    const { handler, handled } = recorder();
    const poison = sqsRecord(invalid, 'A', 'poison');

    const answer = await handler({ Records: [poison, message('A:2'), message('B:1')] }, context);

    expect(answer).toEqual(failed('poison', 'A:2'));
    expect(handled).toEqual(['B:1']);
  });
});

describe('the flow of an event', () => {
  const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

  it('is what its handler runs in: same correlation, caused by the event, a span of its own in the same trace', async () => {
    const flows: unknown[] = [];
    const handler = consume(
      on(OrderPlaced, async () => void flows.push(currentRequestContext())),
      on(ProductUpserted, async () => void flows.push(currentRequestContext())),
    );
    const first = orderEvent('A', { correlationid: 'flow 1', traceparent });
    const second = { ...sampleEvent(ProductUpserted), correlationid: 'flow 2' };

    await handler({ Records: [sqsRecord(first, 'A'), sqsRecord(second, 'B')] }, context);

    const inTrace = expect.stringMatching(
      /^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)\w{16}-01$/,
    );
    const inNone = expect.stringMatching(/^00-(?!0af7651916cd43dd8448eb211c80319c)\w{32}-\w{16}-01$/);
    const ids = ({ id }: CloudEvent) => ({ causationId: id, eventId: id });
    const { orderId } = sampleEvent(OrderPlaced).data;
    expect(flows).toEqual([
      { correlationId: 'flow 1', traceparent: inTrace, orderId, ...ids(first) },
      { correlationId: 'flow 2', traceparent: inNone, orderId: undefined, ...ids(second) },
    ]);
  });

  it('is on the log line of its failure', async () => {
    const keys: unknown[] = [];
    jest.spyOn(log, 'error').mockImplementation(() => void keys.push(requestContextKeys()));
    const event = orderEvent('A', { sequence: 1, correlationid: 'flow 1' });

    await recorder('A:1').handler({ Records: [sqsRecord(event, 'A')] }, context);

    expect(keys).toMatchObject([
      { correlation_id: 'flow 1', event_id: event.id, order_id: sampleEvent(OrderPlaced).data.orderId },
    ]);
  });
});

it('each event goes to the reaction that is tied to it, typed, with the time that is left', async () => {
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

it('two reactions to one event are an error at load', () => {
  const reaction = on(OrderPlaced, async () => {});

  expect(() => consume(reaction, reaction)).toThrow(TypeError);
});
