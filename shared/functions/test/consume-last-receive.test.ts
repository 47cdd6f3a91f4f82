import { OrderPlaced, on } from '@orderly/contracts';
import type { SQSRecord } from 'aws-lambda';
import { EnvironmentError } from '../src/env.ts';
import { consume } from '../src/messaging/consume.ts';
import { currentRequestContext } from '../src/observability/request-context.ts';
import { context } from './invocations.ts';
import { orderEvent, sqsRecord } from './records.ts';

// The environment of the tests says that the queue delivers a message five times.

/** A function that notes what it is given, and fails for the events named. */
function recorder(...failing: readonly string[]) {
  const tried: string[] = [];
  const handler = consume(
    on(OrderPlaced, async ({ subject, sequence }) => {
      tried.push(`${subject}:${sequence}`);
      if (failing.includes(`${subject}:${sequence}`)) throw new Error('refused');
    }),
  );
  return { tried, handler };
}

/** `A:1` is the first event of the group A; its message has the same id. */
function message(name: string, receives: number): SQSRecord {
  const [group = '', sequence] = name.split(':');
  const record = sqsRecord(orderEvent(group, { sequence: Number(sequence) }), group, name);
  return { ...record, attributes: { ...record.attributes, ApproximateReceiveCount: String(receives) } };
}

const messages = (...all: readonly (readonly [string, number])[]) => ({
  Records: all.map(([name, receives]) => message(name, receives)),
});
const failed = (...ids: readonly string[]) => ({
  batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })),
});

describe('a message that fails on its last receive', () => {
  it('is left to the dead-letter queue, and those behind it are handled in order', async () => {
    const { handler, tried } = recorder('A:1');

    const answer = await handler(messages(['A:1', 5], ['A:2', 5], ['A:3', 5]), context);

    expect(answer).toEqual(failed('A:1'));
    expect(tried).toEqual(['A:1', 'A:2', 'A:3']);
  });

  it('does not hold back those behind it that have receives left', async () => {
    const { handler, tried } = recorder('A:1');

    const answer = await handler(messages(['A:1', 5], ['A:2', 1]), context);

    expect(answer).toEqual(failed('A:1'));
    expect(tried).toEqual(['A:1', 'A:2']);
  });

  it('may be one that breaks its schema', async () => {
    const { handler, tried } = recorder();
    const broken = { ...message('A:1', 5), body: 'not json' };

    const answer = await handler({ Records: [broken, message('A:2', 5)] }, context);

    expect(answer).toEqual(failed('A:1'));
    expect(tried).toEqual(['A:2']);
  });

  it('has as many beside it as fail: each is tried, in its group', async () => {
    const { handler, tried } = recorder('A:1', 'A:3', 'B:1');

    const answer = await handler(
      messages(['A:1', 5], ['A:2', 5], ['A:3', 5], ['A:4', 5], ['B:1', 5], ['B:2', 5]),
      context,
    );

    expect(answer).toEqual(failed('A:1', 'A:3', 'B:1'));
    expect(tried.filter((name) => name.startsWith('A'))).toEqual(['A:1', 'A:2', 'A:3', 'A:4']);
    expect(tried.filter((name) => name.startsWith('B'))).toEqual(['B:1', 'B:2']);
  });

  it('is known also where SQS counts a receive too many', async () => {
    const { handler, tried } = recorder('A:1');

    const answer = await handler(messages(['A:1', 6], ['A:2', 6]), context);

    expect(answer).toEqual(failed('A:1'));
    expect(tried).toEqual(['A:1', 'A:2']);
  });
});

describe('a message behind one that will be delivered again', () => {
  it('is given back untried while it has receives left', async () => {
    const { handler, tried } = recorder('A:1');

    const answer = await handler(messages(['A:1', 4], ['A:2', 4]), context);

    expect(answer).toEqual(failed('A:1', 'A:2'));
    expect(tried).toEqual(['A:1']);
  });

  it('waits for the one that failed behind a dead letter', async () => {
    const { handler, tried } = recorder('A:1', 'A:2');

    const answer = await handler(messages(['A:1', 5], ['A:2', 3], ['A:3', 3]), context);

    expect(answer).toEqual(failed('A:1', 'A:2', 'A:3'));
    expect(tried).toEqual(['A:1', 'A:2']);
  });

  it('is tried on its last receive all the same: no message becomes a dead letter untried', async () => {
    const { handler, tried } = recorder('A:1');

    const answer = await handler(messages(['A:1', 3], ['A:2', 5], ['A:3', 3]), context);

    expect(answer).toEqual(failed('A:1', 'A:3'));
    expect(tried).toEqual(['A:1', 'A:2']);
  });
});

it('a standard queue has no order: a message is tried whatever became of others of its message group', async () => {
  const { handler, tried } = recorder('A:1');
  const eventSourceARN = 'arn:aws:sqs:eu-central-1:000000000000:test-order-events--warehouse';
  const Records = messages(['A:1', 1], ['A:2', 1]).Records.map((record) => ({ ...record, eventSourceARN }));

  const answer = await handler({ Records }, context);

  expect(answer).toEqual(failed('A:1'));
  expect(tried).toEqual(['A:1', 'A:2']);
});

describe('an invocation whose time ends', () => {
  /** An invocation with so much time; work takes from it. */
  function invocation(totalMs: number) {
    let leftMs = totalMs;
    const works = (ms: number) => {
      leftMs -= ms;
    };
    return { works, context: { ...context, getRemainingTimeInMillis: () => leftMs } };
  }

  it('begins no message that may come again, nor the later ones of its group', async () => {
    const { works, context } = invocation(15_000);
    const tried: number[] = [];
    const handler = consume(
      on(OrderPlaced, async ({ sequence }) => {
        tried.push(sequence);
        works(7_200);
      }),
    );

    const answer = await handler(messages(['A:1', 1], ['A:2', 1], ['A:3', 1], ['A:4', 1]), context);

    expect(answer).toEqual(failed('A:3', 'A:4'));
    expect(tried).toEqual([1, 2]);
  });

  it('tries a message on its last receive even then', async () => {
    const { context } = invocation(100);
    const { handler, tried } = recorder();

    const answer = await handler(messages(['A:1', 5], ['A:2', 5]), context);

    expect(answer).toEqual(failed());
    expect(tried).toEqual(['A:1', 'A:2']);
  });

  it('ends the last try of a message that hangs in time for the last tries of those behind it', async () => {
    const { works, context } = invocation(3_600);
    const remaining: number[] = [];
    const handler = consume(
      on(OrderPlaced, async ({ sequence }, { remainingMs }) => {
        remaining.push(remainingMs());
        if (sequence > 1) return;
        const { deadline } = currentRequestContext();
        await new Promise((resolve) => deadline?.addEventListener('abort', resolve));
        works(1_100);
        throw deadline?.reason;
      }),
    );

    const answer = await handler(messages(['A:1', 5], ['A:2', 5], ['A:3', 5]), context);

    expect(answer).toEqual(failed('A:1'));
    // Half a second is for the answer, a second for each message behind.
    expect(remaining).toEqual([1_100, 1_000, 2_000]);
  });
});

it.each([undefined, '', '0', 'five'])('does not load where MAX_RECEIVE_COUNT is %j', (value) => {
  jest.replaceProperty(process, 'env', { ...process.env, MAX_RECEIVE_COUNT: value });

  expect(() => recorder()).toThrow(EnvironmentError);

  jest.restoreAllMocks();
});
