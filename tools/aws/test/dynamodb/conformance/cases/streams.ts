import assert from 'node:assert/strict';
import type { StreamViewType } from '@aws-sdk/client-dynamodb';
import type { _Record } from '@aws-sdk/client-dynamodb-streams';
import { refused } from '../assertions.ts';
import { given, list, map, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';
import { streamed } from '../tables.ts';

const SECOND_MS = 1_000;

const puts = (id: string, versions: readonly number[], sk = 'x') =>
  versions.map((version) => ({ pk: s(id), sk: s(sk), v: n(version) }));

const summary = (records: readonly _Record[]): readonly string[] =>
  records.map(({ eventName, dynamodb }) => `${eventName} ${dynamodb?.Keys?.sk?.S}`);

const numberOf = ({ dynamodb }: _Record): bigint => BigInt(dynamodb?.SequenceNumber ?? -1);

/** A table of its own with a stream of three records, and its one shard. */
const threeRecords = async ({ db, id }: CaseContext) => {
  const { name } = await db.createTable(streamed, 'stream');
  for (const item of puts(id, [1, 2, 3])) await db.put(name, item);
  const records = await db.eventually(async () => {
    const found = await db.stream.all(name);
    assert.equal(found.length, 3);
    return found;
  });
  const StreamArn = await db.stream.arnOf(name);
  const shards = await db.stream.shards(StreamArn);
  const start = records[0]?.dynamodb?.SequenceNumber ?? '';
  // A table of AWS begins with several shards; the records of one partition are in one of them.
  for (const { ShardId } of shards) {
    const oldest = await db.stream.oldest({ StreamArn, ShardId });
    if ((await db.stream.drain(oldest)).length > 0)
      return { name, shard: { StreamArn, ShardId }, start, stream: db.stream, oldest };
  }
  throw new assert.AssertionError({ message: 'No shard has the records.' });
};

export const streams = group('streams', {
  async 'A put of something new is INSERT, a change is MODIFY, a delete is REMOVE'({ db, tables, id }) {
    const key = { pk: s(id), sk: s('x') };
    const [first, second] = puts(id, [1, 2]);
    assert(first && second);
    await db.put(tables.streamed, first);
    await db.put(tables.streamed, second);
    await db.delete(tables.streamed, key);
    const records = await db.stream.ofPartition(tables.streamed, id);
    assert.deepEqual(
      records.map(({ eventName, dynamodb }) => [
        eventName,
        dynamodb?.Keys,
        dynamodb?.OldImage,
        dynamodb?.NewImage,
      ]),
      [
        ['INSERT', key, undefined, first],
        ['MODIFY', key, first, second],
        ['REMOVE', key, second, undefined],
      ],
    );
  },
  async 'A record names its source, its version and its view'({ db, tables, id }) {
    const before = Date.now();
    for (const item of puts(id, [1])) await db.put(tables.streamed, item);
    const [record] = await db.stream.ofPartition(tables.streamed, id);
    assert(record?.dynamodb);
    assert.equal(record.eventSource, 'aws:dynamodb');
    assert.equal(record.eventVersion, '1.1');
    assert.equal(record.userIdentity, undefined);
    assert.match(record.awsRegion ?? '', /^[a-z0-9-]+$/);
    assert.match(record.eventID ?? '', /^[0-9a-f-]{32,36}$/);
    const {
      StreamViewType: view,
      SequenceNumber,
      SizeBytes = 0,
      ApproximateCreationDateTime: at,
    } = record.dynamodb;
    assert.equal(view, 'NEW_AND_OLD_IMAGES');
    assert.match(SequenceNumber ?? '', /^\d{21,40}$/);
    assert(SizeBytes > 0, `SizeBytes is ${SizeBytes}.`);
    assert(at, 'There is no ApproximateCreationDateTime.');
    assert.equal(at.getTime() % SECOND_MS, 0);
    assert(Math.abs(at.getTime() - before) < 60 * SECOND_MS, `${at.toISOString()} is far away.`);
  },
  async 'Nested values of an image are as they were written'({ db, tables, id }) {
    const outbox = map({ subject: s('1'), events: list(map({ id: s('e'), body: s('{"a":"ü"}') })) });
    const item = { pk: s(id), sk: s('x'), outbox };
    await db.put(tables.streamed, item);
    const [record] = await db.stream.ofPartition(tables.streamed, id);
    assert.deepEqual(record?.dynamodb?.NewImage, item);
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
  async 'A write that changes nothing makes no record'({ db, tables, id }) {
    const key = { pk: s(id), sk: s('x') };
    for (const item of puts(id, [1, 1])) await db.put(tables.streamed, item);
    await db.update(tables.streamed, key, 'SET v = :one', given({ ':one': n('1.0') }));
    await db.update(tables.streamed, key, 'REMOVE nowhere');
    await db.delete(tables.streamed, { pk: s(id), sk: s('never there') });
    await db.transact([{ Put: { TableName: tables.streamed, Item: { ...key, v: n(1) } } }]);
    assert.deepEqual(summary(await db.stream.ofPartition(tables.streamed, id)), ['INSERT x']);
  },
  async 'Refused writes and cancelled transactions make no record'({ db, tables, id }) {
    const TableName = tables.streamed;
    const item = { pk: s(id), sk: s('x') };
    const guard = { ConditionExpression: 'attribute_not_exists(pk)' };
    await db.put(TableName, item);
    await refused(db.put(TableName, { ...item, v: n(1) }, guard), 'ConditionalCheckFailedException');
    await refused(
      db.transact([
        { Put: { TableName, Item: { pk: s(id), sk: s('other') } } },
        { Put: { TableName, Item: item, ...guard } },
      ]),
      'TransactionCanceledException',
    );
    assert.deepEqual(summary(await db.stream.ofPartition(TableName, id)), ['INSERT x']);
  },
  async 'Every item that a transaction or a batch changes has its record'({ db, tables, id }) {
    const TableName = tables.streamed;
    const item = (sk: string) => ({ pk: s(id), sk: s(sk) });
    await db.put(TableName, item('a'));
    await db.transact([
      { Put: { TableName, Item: item('b') } },
      {
        Update: {
          TableName,
          Key: item('a'),
          UpdateExpression: 'SET v = :v',
          ExpressionAttributeValues: { ':v': n(1) },
        },
      },
      { ConditionCheck: { TableName, Key: item('c'), ConditionExpression: 'attribute_not_exists(pk)' } },
    ]);
    await db.batchWrite({
      [TableName]: [{ PutRequest: { Item: item('d') } }, { DeleteRequest: { Key: item('b') } }],
    });
    const records = summary(await db.stream.ofPartition(TableName, id));
    assert.equal(records[0], 'INSERT a');
    assert.deepEqual(records.slice(1, 3).toSorted(), ['INSERT b', 'MODIFY a']);
    assert.deepEqual(records.slice(3).toSorted(), ['INSERT d', 'REMOVE b']);
  },
  async 'Records of one item are in the order of its writes, with ascending numbers and an id each'({
    db,
    tables,
    id,
  }) {
    const versions = Array.from({ length: 20 }, (_, index) => index + 1);
    const write = async (sk: string) => {
      for (const item of puts(id, versions, sk)) await db.put(tables.streamed, item);
    };
    await Promise.all(['a', 'b', 'c'].map(write));
    const records = await db.stream.ofPartition(tables.streamed, id);
    for (const sk of 'abc') {
      const own = records.filter(({ dynamodb }) => dynamodb?.Keys?.sk?.S === sk);
      assert.deepEqual(
        own.map(({ dynamodb }) => Number(dynamodb?.NewImage?.v?.N)),
        versions,
      );
      assert(
        own.every((record, index) => index === 0 || numberOf(record) > numberOf(own[index - 1] ?? record)),
        'The sequence numbers do not ascend.',
      );
    }
    assert.equal(new Set(records.map(({ eventID }) => eventID)).size, records.length);
  },
  async 'A stream shows what its view type says'({ db, id }) {
    const [before, after] = puts(id, [1, 2]);
    assert(before && after);
    const expected: Readonly<Partial<Record<StreamViewType, readonly unknown[]>>> = {
      KEYS_ONLY: [undefined, undefined],
      NEW_IMAGE: [undefined, after],
      OLD_IMAGE: [before, undefined],
    };
    for (const [view, images] of Object.entries(expected)) {
      const { name } = await db.createTable(
        {
          ...streamed,
          StreamSpecification: { StreamEnabled: true, StreamViewType: view as StreamViewType },
        },
        'view',
      );
      await db.put(name, before);
      await db.put(name, after);
      const [, record] = await db.stream.ofPartition(name, id);
      assert.equal(record?.dynamodb?.StreamViewType, view);
      assert.deepEqual([record.dynamodb.OldImage, record.dynamodb.NewImage], images);
    }
  },
  async 'A new stream is described with an open shard'({ db }) {
    const { name } = await db.createTable(streamed, 'described');
    const arn = await db.stream.arnOf(name);
    const description = await db.eventually(async () => {
      const found = await db.stream.describe(arn);
      assert.equal(found.StreamStatus, 'ENABLED');
      assert((found.Shards?.length ?? 0) > 0, 'There is no shard.');
      return found;
    });
    assert.equal(description.StreamArn, arn);
    assert.equal(description.TableName, name);
    assert.equal(description.StreamViewType, 'NEW_AND_OLD_IMAGES');
    assert.deepEqual(description.KeySchema, streamed.KeySchema);
    assert.equal(arn.endsWith(`/stream/${description.StreamLabel}`), true);
    for (const { ShardId = '', SequenceNumberRange } of description.Shards ?? []) {
      assert.match(ShardId, /^shardId-.{20,57}$/);
      assert.match(SequenceNumberRange?.StartingSequenceNumber ?? '', /^\d{21,40}$/);
      assert.equal(SequenceNumberRange?.EndingSequenceNumber, undefined);
    }
  },
  async 'DescribeStream after the last shard answers with no shards'({ db, tables }) {
    const StreamArn = await db.stream.arnOf(tables.streamed);
    const last = (await db.stream.shards(StreamArn)).at(-1);
    const { StreamDescription: rest } = await db.stream.client.describeStream({
      StreamArn,
      ExclusiveStartShardId: last?.ShardId,
    });
    assert.deepEqual(rest?.Shards ?? [], []);
  },
  async 'ListStreams gives the stream of a table'({ db, tables }) {
    const [stream, ...more] = await db.stream.listStreams(tables.streamed);
    assert.deepEqual(more, []);
    assert.equal(stream?.StreamArn, await db.stream.arnOf(tables.streamed));
    assert.equal(stream?.TableName, tables.streamed);
    assert.deepEqual(await db.stream.listStreams(tables.plain), []);
  },
  async 'Iterators begin at a record, after it, at the oldest, and at what comes'(context) {
    const { db, id } = context;
    const { name, shard, start, stream, oldest } = await threeRecords(context);
    const { drain, iterator } = stream;
    const latest = await iterator({ ...shard, ShardIteratorType: 'LATEST' });
    const at = { ...shard, ShardIteratorType: 'AT_SEQUENCE_NUMBER', SequenceNumber: start } as const;
    const after = { ...at, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' } as const;
    const versions = (records: readonly _Record[]) =>
      records.map(({ dynamodb }) => Number(dynamodb?.NewImage?.v?.N));
    assert.deepEqual(versions(await drain(await iterator(at))), [1, 2, 3]);
    assert.deepEqual(versions(await drain(await iterator(after))), [2, 3]);
    assert.deepEqual(versions(await drain(oldest)), [1, 2, 3]);
    for (const item of puts(id, [4])) await db.put(name, item);
    await db.eventually(async () => assert.deepEqual(versions(await drain(latest)), [4]));
  },
  async 'GetRecords gives up to Limit records and an iterator that goes on'(context) {
    const { stream, oldest } = await threeRecords(context);
    const found = await stream.drain(oldest, 1);
    assert.equal(found.length, 3);
    const page = await stream.page(oldest, 2);
    assert.equal(page.Records?.length, 2);
  },
  async 'An iterator may be used twice and gives the same both times'(context) {
    const { stream, oldest } = await threeRecords(context);
    const ids = async () => (await stream.page(oldest)).Records?.map(({ eventID }) => eventID);
    const first = await ids();
    assert.equal(first?.length, 3);
    assert.deepEqual(await ids(), first);
  },
  async 'An open shard answers with an iterator also when there is nothing to read'(context) {
    const { stream, shard } = await threeRecords(context);
    const latest = await stream.iterator({ ...shard, ShardIteratorType: 'LATEST' });
    const { Records, NextShardIterator } = await stream.page(latest);
    assert.deepEqual(Records, []);
    assert(NextShardIterator, 'There is no NextShardIterator.');
  },
  async 'GetRecords gives up to 1,000 records a page'({ db, id }) {
    const { name } = await db.createTable(streamed, 'many');
    for (let batch = 0; batch < 44; batch++) {
      const items = Array.from({ length: 25 }, (_, index) => ({ pk: s(id), sk: s(`${batch}-${index}`) }));
      await db.batchWrite({ [name]: items.map((Item) => ({ PutRequest: { Item } })) });
    }
    const StreamArn = await db.stream.arnOf(name);
    await db.eventually(async () => assert.equal((await db.stream.all(name)).length, 1100));
    for (const { ShardId } of await db.stream.shards(StreamArn)) {
      const { Records = [] } = await db.stream.page(await db.stream.oldest({ StreamArn, ShardId }), 1000);
      assert(Records.length <= 1000, `A page has ${Records.length} records.`);
    }
  },
  async 'GetRecords refuses a Limit of more than 1,000'(context) {
    const { stream, oldest } = await threeRecords(context);
    await refused(stream.page(oldest, 1001), 'ValidationException', /less than or equal to 1000/);
  },
  async 'A stream that does not exist is refused'({ db, tables }) {
    const arn = (await db.stream.arnOf(tables.streamed)).replace(
      /stream\/.*$/,
      'stream/2020-01-01T00:00:00.000',
    );
    await refused(db.stream.describe(arn), 'ResourceNotFoundException');
  },
  async 'A shard that does not exist is refused'({ db, tables }) {
    const StreamArn = await db.stream.arnOf(tables.streamed);
    const ShardId = 'shardId-00000000000000000001-00000000';
    await refused(db.stream.oldest({ StreamArn, ShardId }), 'ResourceNotFoundException');
  },
  async 'An iterator type that needs a sequence number is refused without one'(context) {
    const { shard } = await threeRecords(context);
    await refused(
      context.db.stream.client.getShardIterator({ ...shard, ShardIteratorType: 'AFTER_SEQUENCE_NUMBER' }),
      'ValidationException',
    );
  },
  'An iterator that AWS never gave is refused': refuses(({ db }) => db.stream.page('not-an-iterator')),
  async 'A stream that is turned on later has later writes only'({ db, id }) {
    const { StreamSpecification, ...rest } = streamed;
    const { name } = await db.createTable(rest, 'later');
    await db.put(name, { pk: s(id), sk: s('before') });
    await db.updateTable(name, { StreamSpecification });
    const { LatestStreamArn, LatestStreamLabel } = await db.describe(name);
    assert(LatestStreamArn?.endsWith(`/stream/${LatestStreamLabel}`));
    await db.put(name, { pk: s(id), sk: s('after') });
    assert.deepEqual(summary(await db.stream.ofPartition(name, id)), ['INSERT after']);
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html#Streams.Enabling
  async 'A stream that is turned off keeps its records and ends its shards'({ db, id }) {
    const { name } = await db.createTable(streamed, 'off');
    await db.put(name, { pk: s(id), sk: s('x') });
    const StreamArn = await db.stream.arnOf(name);
    await db.stream.ofPartition(name, id);
    await db.updateTable(name, { StreamSpecification: { StreamEnabled: false } });
    await db.put(name, { pk: s(id), sk: s('unseen') });
    await db.eventually(async () =>
      assert.equal((await db.stream.describe(StreamArn)).StreamStatus, 'DISABLED'),
    );
    const shards = await db.stream.shards(StreamArn);
    assert(shards.every(({ SequenceNumberRange }) => SequenceNumberRange?.EndingSequenceNumber));
    const found: _Record[] = [];
    for (const { ShardId } of shards) {
      let next: string | undefined = await db.stream.oldest({ StreamArn, ShardId });
      for (let pages = 0; next !== undefined; pages++) {
        assert(pages < 100, 'The shard does not end.');
        const page: Awaited<ReturnType<typeof db.stream.page>> = await db.stream.page(next);
        found.push(...(page.Records ?? []));
        next = page.NextShardIterator;
      }
    }
    assert.deepEqual(summary(found), ['INSERT x', 'INSERT ~last']);
  },
  async 'A stream that is turned on again is another stream'({ db, id }) {
    const { name } = await db.createTable(streamed, 'again');
    const first = await db.stream.arnOf(name);
    await db.updateTable(name, { StreamSpecification: { StreamEnabled: false } });
    await db.updateTable(name, { StreamSpecification: streamed.StreamSpecification });
    assert.notEqual(await db.stream.arnOf(name), first);
    await db.put(name, { pk: s(id), sk: s('x') });
    assert.deepEqual(summary(await db.stream.ofPartition(name, id)), ['INSERT x']);
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.html
  async 'The stream of a deleted table can be read, and a new table has a stream of its own'({ db, id }) {
    const { name } = await db.createTable(streamed, 'deleted');
    const first = await db.stream.arnOf(name);
    await db.put(name, { pk: s(id), sk: s('x') });
    await db.stream.ofPartition(name, id);
    await db.dropTable(name);
    assert.equal((await db.stream.describe(first)).StreamStatus, 'DISABLED');
    await db.requestTable({ ...streamed, TableName: name, BillingMode: 'PAY_PER_REQUEST' });
    await db.untilActive(name);
    assert.notEqual(await db.stream.arnOf(name), first);
    assert.deepEqual(await db.stream.ofPartition(name, id), []);
  },
});
