import { MemoryCheckpoints } from '../../event-sources/checkpoints.ts';
import type { Invocation } from '../../event-sources/invocation.ts';
import type { StreamMapping } from '../../event-sources/mapping.ts';
import { StreamSource } from '../../event-sources/stream-source.ts';
import { Wake } from '../../event-sources/wake.ts';
import { ManualClock } from '../manual-clock.ts';
import { type FakeShard, FakeStream } from './fake-stream.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html (shards, lineage, 24 hours)
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html (order, starting position)

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
};

const ok: Invocation = { outcome: 'answer', payload: null };

let clock: ManualClock;
let wake: Wake;
let stream: FakeStream;
let checkpoints: MemoryCheckpoints;
let source: StreamSource | undefined;
let seen: string[];
let logged: string[];
let answer: (numbers: readonly string[]) => Invocation | Promise<Invocation>;

beforeEach(() => {
  clock = new ManualClock(Date.UTC(2026, 0, 1, 0, 0, 30));
  wake = new Wake(clock);
  stream = new FakeStream(() => clock.now());
  checkpoints = new MemoryCheckpoints();
  seen = [];
  logged = [];
  answer = () => ok;
});

afterEach(async () => {
  await source?.stop();
  source = undefined;
});

const start = async (settings: Partial<StreamMapping> = {}): Promise<void> => {
  source = new StreamSource(
    { ...mapping, ...settings },
    {
      clock,
      wake,
      checkpoints,
      chance: { next: () => 0.5, uuid: () => 'id' },
      call: stream.call,
      region: 'eu-central-1',
      log: (message) => logged.push(message),
      invoke: async (_name, event) => {
        const { Records } = event as { Records: { dynamodb: { SequenceNumber: string } }[] };
        const numbers = Records.map(({ dynamodb }) => dynamodb.SequenceNumber);
        seen.push(...numbers);
        return answer(numbers);
      },
    },
  );
  await source.start();
  await clock.pass(0);
};

const open = (...keys: string[]): FakeShard => ({ keys, closed: false });

it('reads a child only when its closed parent is done', async () => {
  stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  stream.shards.set('parent', { keys: ['p1', 'p2'], closed: true });
  let go = (): void => undefined;
  answer = ([first]) =>
    first === 'p1'
      ? new Promise((done) => {
          go = () => done(ok);
        })
      : ok;
  await start();
  await clock.pass(10_000);
  expect(seen).toEqual(['p1', 'p2']);
  go();
  await clock.pass(1_000);
  expect(seen).toEqual(['p1', 'p2', 'c1']);
});

it('reads a shard whose parent is trimmed away', async () => {
  stream.shards.set('child', { parent: 'gone', keys: ['c1'], closed: false });
  await start();
  expect(seen).toEqual(['c1']);
});

it('finds the successor when a shard is closed while it is read', async () => {
  const parent = open('p1');
  stream.shards.set('parent', parent);
  await start({ startingPosition: 'LATEST' });
  stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  parent.closed = true;
  await clock.pass(200);
  expect(seen).toEqual(['c1']);
});

it('finds a shard that is opened beside the others within seconds', async () => {
  stream.shards.set('one', open('o1'));
  await start();
  stream.shards.set('two', open('t1'));
  await clock.pass(5_000);
  expect(seen).toEqual(['o1', 't1']);
});

it('skips closed shards with LATEST', async () => {
  stream.shards.set('parent', { keys: ['p1'], closed: true });
  stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: true });
  stream.shards.set('grandchild', { parent: 'child', keys: ['g1'], closed: false });
  await start({ startingPosition: 'LATEST' });
  stream.shards.set('next', { parent: 'child', keys: ['n1'], closed: false });
  await clock.pass(5_000);
  expect(seen).toEqual(['n1']);
});

it('goes on with a closed parent after a restart, and reads its child then', async () => {
  stream.shards.set('parent', { keys: ['p1', 'p2'], closed: true });
  stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  answer = (numbers) =>
    numbers[0] === 'p1'
      ? { outcome: 'answer', payload: { batchItemFailures: [{ itemIdentifier: 'p2' }] } }
      : { outcome: 'stopped' };
  await start();
  await clock.pass(1_000);
  await source?.stop();
  seen = [];
  answer = () => ok;
  await start();
  await clock.pass(1_000);
  expect(seen).toEqual(['p2', 'c1']);
});

describe('when a call fails', () => {
  const shard = open('s1', 's2');

  beforeEach(async () => {
    shard.keys = ['s1', 's2'];
    stream.shards.set('shard', shard);
    await start();
  });

  // An iterator expires after 15 minutes: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
  it('renews an expired iterator from where it was', async () => {
    stream.fail('GetRecords', 'ExpiredIteratorException');
    shard.keys = ['s1', 's2', 's3'];
    await clock.pass(200);
    expect(seen).toEqual(['s1', 's2', 's3']);
    expect(logged).toEqual([]);
  });

  it('goes on with the oldest record when others were trimmed', async () => {
    stream.fail('GetRecords', 'TrimmedDataAccessException');
    shard.keys = ['s7', 's8'];
    await clock.pass(200);
    expect(seen).toEqual(['s1', 's2', 's7', 's8']);
  });

  it('takes a shard that is gone as done, and reads its child', async () => {
    stream.shards.delete('shard');
    stream.shards.set('child', { parent: 'shard', keys: ['c1'], closed: false });
    await clock.pass(1_000);
    expect(seen).toEqual(['s1', 's2', 'c1']);
  });

  it('logs an outage once, waits longer each time, and goes on', async () => {
    for (let n = 0; n < 5; n++) stream.fail('GetRecords', 'InternalServerError');
    stream.operations.splice(0);
    shard.keys = ['s1', 's2', 's3'];
    // The next read is due after 25 ms; then 75, 150, 300, 600 and 1,200 ms, three quarters of the whole.
    await clock.pass(25 + 75 + 150 + 300 + 600 + 1_199);
    expect(seen).toEqual(['s1', 's2']);
    await clock.pass(1);
    expect(seen).toEqual(['s1', 's2', 's3']);
    expect(logged).toHaveLength(1);
  });
});

it('loses nothing of an outage with LATEST, even before its first record', async () => {
  const shard = open();
  stream.shards.set('shard', shard);
  await start({ startingPosition: 'LATEST' });
  stream.fail('GetRecords', 'ExpiredIteratorException');
  shard.keys = ['s1'];
  await clock.pass(200);
  expect(seen).toEqual(['s1']);
});

it('asks for the records of an idle shard with one call a poll, and none besides', async () => {
  stream.shards.set('shard', open());
  await start();
  stream.operations.splice(0);
  await clock.pass(1_000);
  expect(stream.operations).toEqual(Array.from({ length: 10 }, () => 'GetRecords'));
});

it('polls at once when a function has ended', async () => {
  const shard = open();
  stream.shards.set('shard', shard);
  await start();
  shard.keys = ['s1'];
  wake.up();
  await clock.pass(0);
  expect(seen).toEqual(['s1']);
});
