import assert from 'node:assert/strict';
import type { TableDescription } from '@aws-sdk/client-dynamodb';
import type {
  _Record,
  DynamoDBStreams,
  GetShardIteratorCommandInput,
  Shard,
  StreamDescription,
} from '@aws-sdk/client-dynamodb-streams';
import type { Item } from './attribute-values.ts';

/** An open shard of AWS may answer with nothing though more is to come. */
const EMPTY_PAGES = 5;

/** The database, as far as reading its streams needs it. */
interface Tables {
  describe(table: string): Promise<TableDescription>;
  put(table: string, item: Item): Promise<unknown>;
  eventually<Result>(check: () => Promise<Result>): Promise<Result>;
}

/** Streams as cases read them. */
export const streamReader = (db: Tables, streams: DynamoDBStreams) => {
  const arnOf = async (table: string): Promise<string> => {
    const { LatestStreamArn } = await db.describe(table);
    assert(LatestStreamArn, `${table} has no stream.`);
    return LatestStreamArn;
  };

  const describe = async (StreamArn: string): Promise<StreamDescription> => {
    const { StreamDescription: description } = await streams.describeStream({ StreamArn });
    assert(description, 'DescribeStream answered without a description.');
    return description;
  };

  const shards = async (StreamArn: string): Promise<readonly Shard[]> =>
    (await describe(StreamArn)).Shards ?? [];

  const iterator = async (input: GetShardIteratorCommandInput): Promise<string> => {
    const { ShardIterator } = await streams.getShardIterator(input);
    assert(ShardIterator, 'GetShardIterator answered without an iterator.');
    return ShardIterator;
  };

  /** An iterator at the oldest record of a shard. */
  const oldest = (shard: Omit<GetShardIteratorCommandInput, 'ShardIteratorType'>): Promise<string> =>
    iterator({ ...shard, ShardIteratorType: 'TRIM_HORIZON' });

  const page = (ShardIterator: string, Limit?: number) =>
    streams.getRecords({ ShardIterator, ...(Limit !== undefined && { Limit }) });

  /** Everything that can be read from an iterator now. */
  const drain = async (from: string, limit?: number): Promise<_Record[]> => {
    const found: _Record[] = [];
    let next: string | undefined = from;
    let empty = 0;
    while (next !== undefined && empty < EMPTY_PAGES) {
      const { Records = [], NextShardIterator }: Awaited<ReturnType<typeof page>> = await page(next, limit);
      found.push(...Records);
      empty = Records.length === 0 ? empty + 1 : 0;
      next = NextShardIterator;
    }
    return found;
  };

  /** All records of a table's stream, shard by shard. */
  const all = async (table: string): Promise<readonly _Record[]> => {
    const StreamArn = await arnOf(table);
    const found: _Record[] = [];
    for (const { ShardId } of await shards(StreamArn)) {
      found.push(...(await drain(await oldest({ StreamArn, ShardId }))));
    }
    return found;
  };

  /**
   * All records of one partition. Writes a last item to it and waits for that one's record, so that whatever is not in
   * the answer is not in the stream.
   */
  const ofPartition = async (table: string, pk: string): Promise<readonly _Record[]> => {
    const last = { pk: { S: pk }, sk: { S: '~last' } };
    await db.put(table, last);
    return db.eventually(async () => {
      const records = (await all(table)).filter(({ dynamodb }) => dynamodb?.Keys?.pk?.S === pk);
      const end = records.findIndex(({ dynamodb }) => dynamodb?.Keys?.sk?.S === '~last');
      assert.notEqual(end, -1, 'The record of the last write is not in the stream yet.');
      return records.slice(0, end);
    });
  };

  const listStreams = async (TableName: string) => (await streams.listStreams({ TableName })).Streams ?? [];

  return {
    client: streams,
    arnOf,
    describe,
    shards,
    iterator,
    oldest,
    page,
    drain,
    all,
    ofPartition,
    listStreams,
  };
};
