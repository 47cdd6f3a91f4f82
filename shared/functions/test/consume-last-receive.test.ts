import { OrderPlaced, on } from '@orderly/contracts';
import { EnvironmentError } from '../src/env.ts';
import { consume } from '../src/messaging/consume.ts';
import { currentRequestContext } from '../src/observability/request-context.ts';
import { consumerFailingFor, failed, message, messages } from './consumer-under-test.ts';
import { context } from './invocations.ts';

// The environment of the tests says that the queue delivers a message five times.

it.each([
  ['fails on its last receive', 'A:1', 'A:1*5 A:2*5 A:3*5', 'A:1', 'A:1 A:2 A:3'],
  // SQS may count a receive too many.
  ['fails on one more', 'A:1', 'A:1*6 A:2*6 A:3*6', 'A:1', 'A:1 A:2 A:3'],
  ['fails holds back none that has receives left', 'A:1', 'A:1*5 A:2*1', 'A:1', 'A:1 A:2'],
  ['fails and will be redelivered holds back the later ones', 'A:1', 'A:1*4 A:2*4', 'A:1 A:2', 'A:1'],
  ['waits does so even behind a dead letter', 'A:1 A:2', 'A:1*5 A:2*3 A:3*3', 'A:1 A:2 A:3', 'A:1 A:2'],
  ['waits is tried on its last receive nevertheless', 'A:1', 'A:1*3 A:2*5 A:3*3', 'A:1 A:3', 'A:1 A:2'],
])('a message that %s', async (_rule, failing, received, returned, expected) => {
  const { handler, tried } = consumerFailingFor(...failing.split(' '));
  // Each with how often it was received.
  const batch = received.split(' ').map((one) => one.split('*'));

  const answer = await handler(
    messages(...batch.map(([name = '', times]) => [name, Number(times)] as const)),
    context,
  );

  expect(answer).toEqual(failed(...returned.split(' ')));
  expect(tried).toEqual(expected.split(' '));
});

it('a message that breaks its schema on its last receive is left to the dead-letter queue', async () => {
  const { handler, tried } = consumerFailingFor();
  const broken = { ...message('A:1', 5), body: 'not json' };

  const answer = await handler({ Records: [broken, message('A:2', 5)] }, context);

  expect(answer).toEqual(failed('A:1'));
  expect(tried).toEqual(['A:2']);
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

  it('begins no message that has receives left, and none behind it', async () => {
    const { works, context } = invocation(15_000);
    const tried: number[] = [];
    const handler = consume(
      on(OrderPlaced, async ({ sequence }) => {
        tried.push(sequence);
        works(7_200);
      }),
    );

    const answer = await handler(messages('A:1', 'A:2', 'A:3', 'A:4'), context);

    expect(answer).toEqual(failed('A:3', 'A:4'));
    expect(tried).toEqual([1, 2]);
  });

  it('tries a message on its last receive nevertheless', async () => {
    const { context } = invocation(100);
    const { handler, tried } = consumerFailingFor();

    const answer = await handler(messages(['A:1', 5], ['A:2', 5]), context);

    expect(answer).toEqual(failed());
    expect(tried).toEqual(['A:1', 'A:2']);
  });

  it('ends the last try of a message that hangs in time for the last tries of the later ones', async () => {
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
    // Half a second is for the answer, a second for each later message.
    expect(remaining).toEqual([1_100, 1_000, 2_000]);
  });
});

it.each([undefined, '', '0', 'five'])('a consumer does not load where MAX_RECEIVE_COUNT is %j', (value) => {
  jest.replaceProperty(process, 'env', { ...process.env, MAX_RECEIVE_COUNT: value });

  expect(() => consumerFailingFor()).toThrow(EnvironmentError);

  jest.restoreAllMocks();
});
