import type { AwsCall } from '../../call.ts';
import { MemoryCheckpoints } from '../../event-sources/checkpoints.ts';
import { type EventSources, startEventSources } from '../../event-sources/index.ts';
import type { Invocation } from '../../event-sources/invocation.ts';
import type { StreamMapping } from '../../event-sources/mapping.ts';
import type { StreamRecord } from '../../event-sources/stream-record.ts';
import { Wake } from '../../event-sources/wake.ts';
import { callInProcess } from '../../in-process.ts';
import { createSqs, type SqsService } from '../../sqs/service.ts';
import { ManualClock } from '../manual-clock.ts';
import { FakeStream } from './fake-stream.ts';

const REGION = 'eu-central-1';
const FAILURES = `arn:aws:sqs:${REGION}:000000000000:failures`;
/** Not a whole minute: such a time would count as one that was cut. */
const START = Date.UTC(2026, 0, 1, 0, 0, 30);

const ok: Invocation = { outcome: 'answer', payload: null };
const broken: Invocation = { outcome: 'error', message: 'broken' };
const failing = (...keys: readonly string[]): Invocation => ({
  outcome: 'answer',
  payload: { batchItemFailures: keys.map((itemIdentifier) => ({ itemIdentifier })) },
});

let clock: ManualClock;
let stream: FakeStream;
let sqs: SqsService;
let checkpoints: MemoryCheckpoints;
let sources: EventSources | undefined;
let calls: { readonly at: number; readonly functionName: string; readonly keys: readonly string[] }[];
let answer: (keys: readonly string[]) => Invocation;

beforeEach(async () => {
  clock = new ManualClock(START);
  stream = new FakeStream(() => clock.now());
  sqs = createSqs({
    clock,
    chance: { next: () => 0.5, uuid: () => '00000000-0000-4000-8000-000000000000' },
    region: REGION,
  });
  checkpoints = new MemoryCheckpoints();
  calls = [];
  answer = () => ok;
  await callInProcess([sqs], 'http://sqs')('sqs', 'CreateQueue', { QueueName: 'failures' });
});

afterEach(async () => {
  await sources?.stop();
  sources = undefined;
  sqs.close();
});

const call: AwsCall = (service, operation, input, signal) =>
  service === 'sqs'
    ? callInProcess([sqs], 'http://sqs')(service, operation, input, signal)
    : stream.call(service, operation, input, signal);

const write = (...keys: readonly string[]): void => {
  const shard = stream.shards.get('shard');
  stream.shards.set('shard', { keys: [...(shard?.keys ?? []), ...keys], closed: false });
};

const connect = async (settings: Partial<StreamMapping> = {}): Promise<void> => {
  const mapping: StreamMapping = {
    functionName: 'publish',
    arn: 'arn:stream',
    batchSize: 100,
    batchWindowMs: 0,
    partialAnswers: true,
    filterPatterns: [],
    startingPosition: 'TRIM_HORIZON',
    bisect: false,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    ...settings,
  };
  sources = await startEventSources(
    { sqs: [], streams: [mapping] },
    {
      clock,
      chance: { next: () => 0.5, uuid: () => 'request' },
      call,
      checkpoints,
      wake: new Wake(clock),
      region: REGION,
      log: () => undefined,
      invoke: async (functionName, event) => {
        const { Records } = event as { readonly Records: readonly StreamRecord[] };
        const keys = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
        calls.push({ at: clock.now() - START, functionName, keys });
        return answer(keys);
      },
    },
  );
  await clock.pass(0);
};

const batches = (): readonly (readonly string[])[] => calls.map(({ keys }) => keys);
const failures = (): readonly unknown[] => sqs.peek('failures').map(({ body }) => JSON.parse(body));

// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
describe('batches', () => {
  it('hold at most the batch size, in order, from the beginning with TRIM_HORIZON', async () => {
    write('1', '2', '3', '4', '5');
    await connect({ batchSize: 2 });
    expect(batches()).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('hold only what comes after the start with LATEST', async () => {
    write('1');
    await connect({ startingPosition: 'LATEST' });
    write('2');
    await clock.pass(100);
    expect(batches()).toEqual([['2']]);
  });

  it('wait for the batching window', async () => {
    write('1');
    await connect({ batchWindowMs: 1_000 });
    await clock.pass(500);
    write('2');
    await clock.pass(499);
    expect(batches()).toEqual([]);
    await clock.pass(101);
    expect(batches()).toEqual([['1', '2']]);
  });

  it('are filled after filtering', async () => {
    write('1', '2', '3', '4');
    for (const key of ['1', '4']) stream.images.set(key, { outbox: { S: 'x' } });
    const filterPatterns = [{ dynamodb: { NewImage: { outbox: { S: [{ exists: true }] } } } }];
    await connect({ batchSize: 2, filterPatterns });
    expect(batches()).toEqual([['1', '4']]);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
it('retries from the lowest failed record of a partial answer', async () => {
  write('1', '2', '3');
  answer = () => (calls.length === 1 ? failing('3', '2') : ok);
  await connect();
  await clock.pass(100);
  expect(batches()).toEqual([
    ['1', '2', '3'],
    ['2', '3'],
  ]);
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
describe('a batch that fails', () => {
  it('holds up the shard until it succeeds, and is tried after longer pauses each time', async () => {
    write('1', '2', '3');
    answer = () => (calls.length <= 3 ? broken : ok);
    await connect({ batchSize: 2 });
    await clock.pass(1_000);
    expect(calls.map(({ at, keys }) => [at, keys.join()])).toEqual([
      [0, '1,2'],
      [75, '1,2'],
      [75 + 150, '1,2'],
      [75 + 150 + 300, '1,2'],
      [75 + 150 + 300, '3'],
    ]);
  });

  it('is halved until the poison record is alone, whose position goes to the queue for failures', async () => {
    write('1', 'poison', '3', '4');
    answer = (keys) => (keys.includes('poison') ? broken : ok);
    await connect({ bisect: true, maximumRetryAttempts: 1, onFailure: FAILURES });
    await clock.pass(1_000);
    expect(batches().at(-1)).toEqual(['3', '4']);
    expect(batches().filter((keys) => keys.join() === 'poison')).toHaveLength(2);
    expect(failures()).toMatchObject([
      {
        requestContext: {
          requestId: 'request',
          condition: 'RetryAttemptsExhausted',
          approximateInvokeCount: 2,
        },
        DDBStreamBatchInfo: { startSequenceNumber: 'poison', endSequenceNumber: 'poison', batchSize: 1 },
      },
    ]);
  });

  it.each([
    ['seconds, as of DynamoDB', 30, 61],
    ['minutes, as of DynamoDB Local: since it was read', 0, 60],
  ])('is given up at its maximum age, with creation times in %s', async (_name, second, afterSeconds) => {
    stream.created.set('old', Date.UTC(2026, 0, 1, 0, 0, second) / 1000);
    write('old');
    answer = () => broken;
    await connect({ maximumRecordAgeSeconds: 60, onFailure: FAILURES });
    await clock.pass((afterSeconds - 1) * 1000);
    expect(failures()).toEqual([]);
    await clock.pass(6_000);
    expect(failures()).toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
  });

  it('is given up at its maximum age as soon as it is read', async () => {
    stream.created.set('old', START / 1000 - 62);
    write('old', 'young');
    await connect({ maximumRecordAgeSeconds: 60, onFailure: FAILURES });
    expect(batches()).toEqual([['young']]);
    expect(failures()).toMatchObject([{ DDBStreamBatchInfo: { startSequenceNumber: 'old' } }]);
  });
});

describe('after a restart', () => {
  it('goes on where it was', async () => {
    write('1', '2');
    await connect();
    await sources?.stop();
    write('3');
    await connect();
    expect(batches()).toEqual([['1', '2'], ['3']]);
  });

  it('delivers again what failed when it was stopped', async () => {
    write('1', '2');
    answer = () => failing('2');
    await connect();
    await sources?.stop();
    calls = [];
    answer = () => ok;
    await connect();
    expect(batches()).toEqual([['2']]);
  });

  it('has what came while it was away with LATEST, even before its first record, and nothing older', async () => {
    stream.created.set('1', START / 1000 - 5);
    write('1');
    await connect({ startingPosition: 'LATEST' });
    await sources?.stop();
    await clock.pass(1_000);
    stream.created.set('2', START / 1000 + 1);
    write('2');
    await connect({ startingPosition: 'LATEST' });
    expect(batches()).toEqual([['2']]);
  });

  it('has a position for each function', async () => {
    write('1');
    await connect({ functionName: 'one' });
    await sources?.stop();
    await connect({ functionName: 'two' });
    expect(calls.map(({ functionName }) => functionName)).toEqual(['one', 'two']);
  });
});
