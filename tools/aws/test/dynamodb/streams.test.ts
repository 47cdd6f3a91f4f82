import type { _Record, Shard } from '@aws-sdk/client-dynamodb-streams';
import type { JsonObject } from '../../protocol/service.ts';
import { TestDynamoDb, withStream } from './dynamodb.ts';

const T = 'things';
const HOUR_MS = 3_600_000;

/** Answers of the service; the members that these tests read are there. */
interface RecordPage {
  readonly Records: readonly _Record[];
  readonly NextShardIterator?: string;
}

const streamArn = async (db: TestDynamoDb): Promise<string> => {
  const { Table } = await db.call('DescribeTable', { TableName: T });
  return String((Table as JsonObject).LatestStreamArn);
};

const describeStream = async (db: TestDynamoDb, StreamArn: string) =>
  (await db.call('DescribeStream', { StreamArn })).StreamDescription as {
    readonly StreamStatus: string;
    readonly Shards: readonly Shard[];
  };

const iterator = async (
  db: TestDynamoDb,
  StreamArn: string,
  ShardIteratorType: string,
  more: JsonObject = {},
): Promise<string> => {
  const [shard] = (await describeStream(db, StreamArn)).Shards;
  const request = { StreamArn, ShardId: shard?.ShardId, ShardIteratorType, ...more };
  return String((await db.call('GetShardIterator', request)).ShardIterator);
};

const records = async (db: TestDynamoDb, ShardIterator: string, Limit?: number): Promise<RecordPage> =>
  (await db.call('GetRecords', { ShardIterator, Limit })) as unknown as RecordPage;

const keyOf = ({ dynamodb }: _Record): string | undefined => dynamodb?.Keys?.pk?.S;

const names = ({ Records }: RecordPage): readonly string[] =>
  Records.map((record) => `${record.eventName} ${keyOf(record)}`);

const start = async (): Promise<{ db: TestDynamoDb; arn: string }> => {
  const db = new TestDynamoDb();
  await db.createTable(T, withStream());
  return { db, arn: await streamArn(db) };
};

describe('A stream', () => {
  it('numbers and dates its records, and counts their bytes', async () => {
    const { db, arn } = await start();
    await db.put(T, { pk: { S: 'a' }, v: { N: '1' } });
    await db.put(T, { pk: { S: 'a' }, v: { N: '2' } });
    const { Records } = await records(db, await iterator(db, arn, 'TRIM_HORIZON'));
    expect(Records[1]?.dynamodb).toMatchObject({
      SizeBytes: 15,
      ApproximateCreationDateTime: db.clock.now() / 1000,
    });
    const sequence = Records.map(({ dynamodb }) => dynamodb?.SequenceNumber ?? '');
    expect(sequence).toEqual([...new Set(sequence)].sort());
    expect(sequence.every((each) => /^\d{21}$/.test(each))).toBe(true);
  });

  it('drops records after 24 hours, and iterators after 15 minutes', async () => {
    const { db, arn } = await start();
    await db.put(T, { pk: { S: 'a' } });
    const early = await iterator(db, arn, 'TRIM_HORIZON');
    const [first] = (await records(db, early)).Records;
    await db.clock.pass(15 * 60_000);
    expect((await db.refused('GetRecords', { ShardIterator: early })).code).toBe('ExpiredIteratorException');
    await db.clock.pass(3 * HOUR_MS);
    await db.put(T, { pk: { S: 'b' } });
    await db.clock.pass(21 * HOUR_MS);
    expect(names(await records(db, await iterator(db, arn, 'TRIM_HORIZON')))).toEqual(['INSERT b']);
    const [shard] = (await describeStream(db, arn)).Shards;
    const error = await db.refused('GetShardIterator', {
      StreamArn: arn,
      ShardId: shard?.ShardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: first?.dynamodb?.SequenceNumber,
    });
    expect(error.code).toBe('TrimmedDataAccessException');
  });

  it('goes on in a child of its shard after four hours', async () => {
    const { db, arn } = await start();
    await db.put(T, { pk: { S: 'a' } });
    await db.clock.pass(4 * HOUR_MS);
    await db.put(T, { pk: { S: 'b' } });
    const { Shards } = await describeStream(db, arn);
    expect(Shards).toHaveLength(2);
    expect(Shards[1]?.ParentShardId).toBe(Shards[0]?.ShardId);
    const parent = await records(db, await iterator(db, arn, 'TRIM_HORIZON'));
    expect(names(parent)).toEqual(['INSERT a']);
    expect(parent).not.toHaveProperty('NextShardIterator');
    const range = Shards[0]?.SequenceNumberRange;
    expect(range?.EndingSequenceNumber).toBe(parent.Records[0]?.dynamodb?.SequenceNumber);
    expect(Shards[1]?.SequenceNumberRange).not.toHaveProperty('EndingSequenceNumber');
  });

  it('splits a shard in two on demand, and keeps each item in one of them', async () => {
    const { db, arn } = await start();
    await db.put(T, { pk: { S: 'before' } });
    db.service.splitShard(T);
    for (let n = 0; n < 20; n++)
      for (const v of ['1', '2']) await db.put(T, { pk: { S: `i${n}` }, v: { N: v } });
    const [parent, ...children] = (await describeStream(db, arn)).Shards;
    expect(children.map(({ ParentShardId }) => ParentShardId)).toEqual([parent?.ShardId, parent?.ShardId]);
    const pages = await Promise.all(
      children.map(async ({ ShardId }) => records(db, await iterator(db, arn, 'TRIM_HORIZON', { ShardId }))),
    );
    const items = pages.map(({ Records }) => new Set(Records.map(keyOf)));
    expect(items.map(({ size }) => size > 0)).toEqual([true, true]);
    expect(items.reduce((sum, { size }) => sum + size, 0)).toBe(20);
    expect(pages.reduce((sum, { Records }) => sum + Records.length, 0)).toBe(40);
  });

  it('stays readable for 24 hours after its table was deleted', async () => {
    const { db, arn } = await start();
    await db.put(T, { pk: { S: 'a' } });
    await db.call('DeleteTable', { TableName: T });
    await db.clock.pass(24 * HOUR_MS - 1);
    expect((await describeStream(db, arn)).StreamStatus).toBe('DISABLED');
    await db.clock.pass(1);
    expect((await db.refused('DescribeStream', { StreamArn: arn })).code).toBe('ResourceNotFoundException');
    expect(await db.call('ListStreams', {})).toEqual({ Streams: [] });
  });

  it('calls its listeners once for each request that wrote to it, after all was written', async () => {
    const { db, arn } = await start();
    const calls: unknown[] = [];
    const stop = db.service.onStreamWrite(({ records, ...write }) =>
      calls.push({ ...write, changes: records.length }),
    );
    await db.call('TransactWriteItems', {
      TransactItems: ['a', 'b'].map((S) => ({ Put: { TableName: T, Item: { pk: { S } } } })),
    });
    await db.put(T, { pk: { S: 'a' } });
    expect(calls).toEqual([{ streamArn: arn, tableName: T, changes: 2 }]);
    stop();
    await db.put(T, { pk: { S: 'c' } });
    expect(calls).toHaveLength(1);
  });
});

describe('Time to live', () => {
  const enable = (db: TestDynamoDb) =>
    db.call('UpdateTimeToLive', {
      TableName: T,
      TimeToLiveSpecification: { AttributeName: 'until', Enabled: true },
    });
  const item = (db: TestDynamoDb, pk: string, seconds: number): JsonObject => ({
    pk: { S: pk },
    until: { N: String(db.clock.now() / 1000 + seconds) },
  });

  it('deletes an item shortly after it expired, as the service', async () => {
    const { db, arn } = await start();
    await db.put(T, item(db, 'before', 60));
    await enable(db);
    await db.put(T, item(db, 'after', 30));
    await db.put(T, item(db, 'late', 3_000));
    await db.put(T, item(db, 'moved', 30));
    await db.put(T, item(db, 'moved', 300));
    await db.put(T, { pk: { S: 'text' }, until: { S: '1' } });
    await db.put(T, item(db, 'ancient', -6 * 365 * 86_400));
    await db.clock.pass(60_999);
    expect(await db.get(T, { pk: { S: 'after' } })).toBeUndefined();
    expect(await db.get(T, { pk: { S: 'before' } })).toBeDefined();
    await db.clock.pass(1);
    const { Items } = await db.call('Scan', { TableName: T });
    expect(
      (Items as readonly { readonly pk: { readonly S: string } }[]).map(({ pk }) => pk.S).sort(),
    ).toEqual(['ancient', 'late', 'moved', 'text']);
    const { Records } = await records(db, await iterator(db, arn, 'TRIM_HORIZON'));
    const removed = Records.filter(({ eventName }) => eventName === 'REMOVE');
    expect(removed.map(keyOf)).toEqual(['after', 'before']);
    expect(removed[0]?.userIdentity).toEqual({ Type: 'Service', PrincipalId: 'dynamodb.amazonaws.com' });
  });

  it('leaves no timer behind when it is disabled or closed', async () => {
    const { db } = await start();
    await enable(db);
    await db.put(T, item(db, 'a', 60));
    expect(db.clock.waiting).toBe(1);
    db.service.close();
    expect(db.clock.waiting).toBe(0);
  });
});
