import type { FakeShard } from './fake-stream.ts';
import { failing, ok, StreamUnderTest } from './stream-under-test.ts';

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html (shards, lineage, 24 hours)
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html (order, starting position)

let test: StreamUnderTest;

beforeEach(() => {
  test = new StreamUnderTest();
});
afterEach(() => test.stop());

const open = (...keys: string[]): FakeShard => ({ keys, closed: false });

it('reads a child only when its closed parent is done', async () => {
  test.stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  test.stream.shards.set('parent', { keys: ['p1', 'p2'], closed: true });
  let go = (): void => undefined;
  test.answer = ([first]) =>
    first === 'p1'
      ? new Promise((done) => {
          go = () => done(ok);
        })
      : ok;
  await test.connect();
  await test.clock.pass(10_000);
  expect(test.seen).toEqual(['p1', 'p2']);
  go();
  await test.clock.pass(1_000);
  expect(test.seen).toEqual(['p1', 'p2', 'c1']);
});

it('reads a shard whose parent is trimmed away', async () => {
  test.stream.shards.set('child', { parent: 'gone', keys: ['c1'], closed: false });
  await test.connect();
  expect(test.seen).toEqual(['c1']);
});

it('finds the successor when a shard is closed while it is read', async () => {
  const parent = open('p1');
  test.stream.shards.set('parent', parent);
  await test.connect({ startingPosition: 'LATEST' });
  test.stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  parent.closed = true;
  await test.clock.pass(200);
  expect(test.seen).toEqual(['c1']);
});

it('finds a shard that is opened beside the others within seconds', async () => {
  test.stream.shards.set('one', open('o1'));
  await test.connect();
  test.stream.shards.set('two', open('t1'));
  await test.clock.pass(5_000);
  expect(test.seen).toEqual(['o1', 't1']);
});

it('skips closed shards with LATEST', async () => {
  test.stream.shards.set('parent', { keys: ['p1'], closed: true });
  test.stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: true });
  test.stream.shards.set('grandchild', { parent: 'child', keys: ['g1'], closed: false });
  await test.connect({ startingPosition: 'LATEST' });
  test.stream.shards.set('next', { parent: 'child', keys: ['n1'], closed: false });
  await test.clock.pass(5_000);
  expect(test.seen).toEqual(['n1']);
});

it('goes on with a closed parent after a restart, and reads its child then', async () => {
  test.stream.shards.set('parent', { keys: ['p1', 'p2'], closed: true });
  test.stream.shards.set('child', { parent: 'parent', keys: ['c1'], closed: false });
  test.answer = (numbers) => (numbers[0] === 'p1' ? failing('p2') : { outcome: 'stopped' });
  await test.connect();
  await test.clock.pass(1_000);
  await test.stop();
  test.calls = [];
  test.answer = () => ok;
  await test.connect();
  await test.clock.pass(1_000);
  expect(test.seen).toEqual(['p2', 'c1']);
});

describe('when a call fails', () => {
  const shard = open('s1', 's2');

  beforeEach(async () => {
    shard.keys = ['s1', 's2'];
    test.stream.shards.set('shard', shard);
    await test.connect();
  });

  // An iterator expires after 15 minutes: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetShardIterator.html
  it('renews an expired iterator from where it was', async () => {
    test.stream.fail('GetRecords', 'ExpiredIteratorException');
    shard.keys = ['s1', 's2', 's3'];
    await test.clock.pass(200);
    expect(test.seen).toEqual(['s1', 's2', 's3']);
    expect(test.logged).toEqual([]);
  });

  it('goes on with the oldest record when others were trimmed', async () => {
    test.stream.fail('GetRecords', 'TrimmedDataAccessException');
    shard.keys = ['s7', 's8'];
    await test.clock.pass(200);
    expect(test.seen).toEqual(['s1', 's2', 's7', 's8']);
  });

  it('takes a shard that is gone as done, and reads its child', async () => {
    test.stream.shards.delete('shard');
    test.stream.shards.set('child', { parent: 'shard', keys: ['c1'], closed: false });
    await test.clock.pass(1_000);
    expect(test.seen).toEqual(['s1', 's2', 'c1']);
  });

  it('logs an outage once, waits longer each time, and goes on', async () => {
    for (let n = 0; n < 5; n++) test.stream.fail('GetRecords', 'InternalServerError');
    test.stream.operations.splice(0);
    shard.keys = ['s1', 's2', 's3'];
    // The next read is due after 25 ms; then 75, 150, 300, 600 and 1,200 ms, three quarters of the whole.
    await test.clock.pass(25 + 75 + 150 + 300 + 600 + 1_199);
    expect(test.seen).toEqual(['s1', 's2']);
    await test.clock.pass(1);
    expect(test.seen).toEqual(['s1', 's2', 's3']);
    expect(test.logged).toHaveLength(1);
  });
});

it('loses nothing of an outage with LATEST, even before its first record', async () => {
  const shard = open();
  test.stream.shards.set('shard', shard);
  await test.connect({ startingPosition: 'LATEST' });
  test.stream.fail('GetRecords', 'ExpiredIteratorException');
  shard.keys = ['s1'];
  await test.clock.pass(200);
  expect(test.seen).toEqual(['s1']);
});

it('asks for the records of an idle shard with one call a poll, and none besides', async () => {
  test.stream.shards.set('shard', open());
  await test.connect();
  test.stream.operations.splice(0);
  await test.clock.pass(1_000);
  expect(test.stream.operations).toEqual(Array.from({ length: 10 }, () => 'GetRecords'));
});

it('polls at once when a function has ended', async () => {
  const shard = open();
  test.stream.shards.set('shard', shard);
  await test.connect();
  shard.keys = ['s1'];
  test.wake.up();
  await test.clock.pass(0);
  expect(test.seen).toEqual(['s1']);
});
