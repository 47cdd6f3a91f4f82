import { broken, FAILURES, failing, ok, START, StreamUnderTest } from './stream-under-test.ts';

let test: StreamUnderTest;

beforeEach(() => {
  test = new StreamUnderTest();
});
afterEach(() => test.stop());

// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
describe('batches', () => {
  it('hold at most the batch size, in order, from the beginning with TRIM_HORIZON', async () => {
    test.write('1', '2', '3', '4', '5');
    await test.connect({ batchSize: 2 });
    expect(test.batches).toEqual([['1', '2'], ['3', '4'], ['5']]);
  });

  it('hold only what comes after the start with LATEST', async () => {
    test.write('1');
    await test.connect({ startingPosition: 'LATEST' });
    test.write('2');
    await test.clock.pass(100);
    expect(test.batches).toEqual([['2']]);
  });

  it('wait for the batching window', async () => {
    test.write('1');
    await test.connect({ batchWindowMs: 1_000 });
    await test.clock.pass(500);
    test.write('2');
    await test.clock.pass(499);
    expect(test.batches).toEqual([]);
    await test.clock.pass(101);
    expect(test.batches).toEqual([['1', '2']]);
  });

  it('are filled after filtering', async () => {
    test.write('1', '2', '3', '4');
    for (const key of ['1', '4']) test.stream.images.set(key, { outbox: { S: 'x' } });
    const filterPatterns = [{ dynamodb: { NewImage: { outbox: { S: [{ exists: true }] } } } }];
    await test.connect({ batchSize: 2, filterPatterns });
    expect(test.batches).toEqual([['1', '4']]);
  });
});

// https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
describe('a batch that fails', () => {
  it('holds up the shard until it succeeds, and is tried after longer pauses each time', async () => {
    test.write('1', '2', '3');
    test.answer = () => (test.calls.length <= 3 ? broken : ok);
    await test.connect({ batchSize: 2 });
    await test.clock.pass(1_000);
    expect(test.calls.map(({ at, keys }) => [at, keys.join()])).toEqual([
      [0, '1,2'],
      [75, '1,2'],
      [75 + 150, '1,2'],
      [75 + 150 + 300, '1,2'],
      [75 + 150 + 300, '3'],
    ]);
  });

  it('is halved until the poison record is alone, whose position goes to the queue for failures', async () => {
    test.write('1', 'poison', '3', '4');
    test.answer = (keys) => (keys.includes('poison') ? broken : ok);
    await test.connect({ bisect: true, maximumRetryAttempts: 1, onFailure: FAILURES });
    await test.clock.pass(1_000);
    expect(test.batches.at(-1)).toEqual(['3', '4']);
    expect(test.batches.filter((keys) => keys.join() === 'poison')).toHaveLength(2);
    expect(test.failures).toMatchObject([
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
    test.stream.created.set('old', Date.UTC(2026, 0, 1, 0, 0, second) / 1000);
    test.write('old');
    test.answer = () => broken;
    await test.connect({ maximumRecordAgeSeconds: 60, onFailure: FAILURES });
    await test.clock.pass((afterSeconds - 1) * 1000);
    expect(test.failures).toEqual([]);
    await test.clock.pass(6_000);
    expect(test.failures).toMatchObject([{ requestContext: { condition: 'RecordAgeExceeded' } }]);
  });
});

describe('after a restart', () => {
  it('goes on where it was', async () => {
    test.write('1', '2');
    await test.connect();
    await test.stop();
    test.write('3');
    await test.connect();
    expect(test.batches).toEqual([['1', '2'], ['3']]);
  });

  it('delivers again what failed when it was stopped', async () => {
    test.write('1', '2');
    test.answer = () => failing('2');
    await test.connect();
    await test.stop();
    test.calls = [];
    test.answer = () => ok;
    await test.connect();
    expect(test.batches).toEqual([['2']]);
  });

  it('has what came while it was away with LATEST, even before its first record, and nothing older', async () => {
    test.stream.created.set('1', START / 1000 - 5);
    test.write('1');
    await test.connect({ startingPosition: 'LATEST' });
    await test.stop();
    await test.clock.pass(1_000);
    test.stream.created.set('2', START / 1000 + 1);
    test.write('2');
    await test.connect({ startingPosition: 'LATEST' });
    expect(test.batches).toEqual([['2']]);
  });

  it('has a position for each function', async () => {
    test.write('1');
    await test.connect({ functionName: 'one' });
    await test.stop();
    await test.connect({ functionName: 'two' });
    expect(test.calls.map(({ functionName }) => functionName)).toEqual(['one', 'two']);
  });
});
