import type { Invocation } from '../../event-sources/invocation.ts';
import { type Delivery, type Discarded, deliver } from '../../event-sources/stream-delivery.ts';
import type { StreamRecord } from '../../event-sources/stream-record.ts';

const record = (n: number): StreamRecord => ({
  eventID: String(n),
  eventName: 'INSERT',
  eventVersion: '1.1',
  eventSource: 'aws:dynamodb',
  eventSourceARN: 'arn',
  awsRegion: 'eu-central-1',
  dynamodb: { ApproximateCreationDateTime: 0, SequenceNumber: String(n) },
});

const records = (...numbers: number[]) => numbers.map(record);
const numbersOf = (list: readonly StreamRecord[]) => list.map(({ eventID }) => Number(eventID));
const error: Invocation = { outcome: 'error', message: 'broken' };
const ok: Invocation = { outcome: 'answer', payload: null };
const failing = (...numbers: number[]): Invocation => ({
  outcome: 'answer',
  payload: { batchItemFailures: numbers.map((n) => ({ itemIdentifier: String(n) })) },
});

const rules = { partialAnswers: true, bisect: false, maximumRetryAttempts: -1, maximumRecordAgeSeconds: -1 };

const run = async (
  batch: readonly StreamRecord[],
  answer: (numbers: readonly number[], call: number) => Invocation,
  mapping: Partial<Delivery['mapping']> = {},
  age = 0,
) => {
  const calls: (readonly number[])[] = [];
  const checkpoints: string[] = [];
  const discarded: Discarded[] = [];
  const finished = await deliver(batch, {
    mapping: { ...rules, ...mapping },
    invoke: async (list) => {
      calls.push(numbersOf(list));
      return answer(numbersOf(list), calls.length);
    },
    checkpoint: (sequenceNumber) => checkpoints.push(sequenceNumber),
    discard: async (each) => void discarded.push(each),
    backOff: async () => true,
    ageSeconds: () => age,
  });
  return { finished, calls, checkpoints, discarded };
};

it('invokes once and checkpoints the last record of a batch that succeeds', async () => {
  const { finished, calls, checkpoints } = await run(records(1, 2, 3), () => ok);
  expect(finished).toBe(true);
  expect(calls).toEqual([[1, 2, 3]]);
  expect(checkpoints).toEqual(['3']);
});

it('checkpoints before the lowest failed record and retries from there', async () => {
  const answer = (_: readonly number[], call: number) => (call === 1 ? failing(4, 3) : ok);
  const { calls, checkpoints } = await run(records(1, 2, 3, 4, 5), answer);
  expect(calls).toEqual([
    [1, 2, 3, 4, 5],
    [3, 4, 5],
  ]);
  expect(checkpoints).toEqual(['2', '5']);
});

it('retries the whole batch when the answer names a record that is not in it', async () => {
  const { calls } = await run(records(1, 2), (_, call) => (call === 1 ? failing(9) : ok));
  expect(calls).toEqual([
    [1, 2],
    [1, 2],
  ]);
});

it('ignores partial answers when the event source does not ask for them', async () => {
  const { calls, checkpoints } = await run(records(1, 2), () => failing(1), { partialAnswers: false });
  expect(calls).toEqual([[1, 2]]);
  expect(checkpoints).toEqual(['2']);
});

it('gives a batch up after the last retry, and says so', async () => {
  const { calls, checkpoints, discarded } = await run(records(1, 2), () => error, {
    maximumRetryAttempts: 2,
  });
  expect(calls).toHaveLength(3);
  expect(discarded).toMatchObject([
    { condition: 'RetryAttemptsExhausted', invokeCount: 3, functionError: true },
  ]);
  expect(discarded.map((each) => numbersOf(each.records))).toEqual([[1, 2]]);
  expect(checkpoints).toEqual(['2']);
});

it('isolates a poison record by halving, without counting the splits as retries', async () => {
  const answer = (numbers: readonly number[]) => (numbers.includes(3) ? error : ok);
  const { calls, discarded, checkpoints } = await run(records(1, 2, 3, 4), answer, {
    bisect: true,
    maximumRetryAttempts: 0,
  });
  expect(calls).toEqual([[1, 2, 3, 4], [1, 2], [3, 4], [3], [4]]);
  expect(discarded.map((each) => numbersOf(each.records))).toEqual([[3]]);
  expect(checkpoints).toEqual(['2', '3', '4']);
});

it('starts counting retries anew when a partial answer made progress', async () => {
  const answer = (numbers: readonly number[]) => failing(numbers.includes(2) ? 2 : 3);
  const { discarded } = await run(records(1, 2, 3), answer, { maximumRetryAttempts: 1 });
  expect(discarded.map((each) => numbersOf(each.records))).toEqual([[2, 3]]);
  expect(discarded[0]?.functionError).toBe(false);
});

it('gives up records that are too old without running the function', async () => {
  const { calls, discarded, checkpoints } = await run(
    records(1, 2),
    () => ok,
    { maximumRecordAgeSeconds: 60 },
    61,
  );
  expect(calls).toEqual([]);
  expect(discarded).toMatchObject([{ condition: 'RecordAgeExceeded', invokeCount: 0 }]);
  expect(checkpoints).toEqual(['2']);
});

it('leaves the checkpoint alone when the platform stops', async () => {
  const { finished, checkpoints } = await run(records(1, 2), () => ({ outcome: 'stopped' }));
  expect(finished).toBe(false);
  expect(checkpoints).toEqual([]);
});

// "Until the records expire": https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-params.html
it('gives up records that a stream keeps no longer, whatever the maximum age', async () => {
  const { calls, discarded } = await run(records(1), () => error, {}, 24 * 3600 + 1);
  expect(calls).toEqual([]);
  expect(discarded).toMatchObject([{ condition: 'RecordAgeExceeded' }]);
});
