import { setTimeout as pause } from 'node:timers/promises';
import type { EmulatorApi } from './emulator-api.ts';

/** Between two looks at a shard that had nothing. */
const POLL_MS = 10;
const PAGE = 1000;

type Image = Readonly<Record<string, unknown>>;

interface Page {
  readonly Records?: readonly { readonly dynamodb?: { readonly NewImage?: Image } }[];
  readonly NextShardIterator?: string;
}

/**
 * Reads what is written from now on in every stream of the database, page by page; the next page of a shard is read
 * when the one before is handled.
 *
 * @returns resolves when the position in each shard is fixed; the promise in it, when the signal has ended the reading
 */
export async function readStreams(
  streams: EmulatorApi,
  signal: AbortSignal,
  handle: (images: readonly Image[]) => Promise<void>,
): Promise<{ readonly done: Promise<void> }> {
  const { Streams } = JSON.parse(await streams.call('ListStreams', '{}')) as {
    readonly Streams: readonly { readonly StreamArn: string }[];
  };
  const iterators: string[] = [];
  for (const { StreamArn } of Streams) iterators.push(...(await latestOf(streams, StreamArn)));
  const done = Promise.all(iterators.map((first) => readShard(first))).then(() => undefined);
  return { done };

  async function readShard(first: string): Promise<void> {
    let ShardIterator = first;
    while (!signal.aborted) {
      const answer = await streams.call('GetRecords', JSON.stringify({ ShardIterator, Limit: PAGE }), signal);
      const { Records = [], NextShardIterator } = JSON.parse(answer) as Page;
      if (NextShardIterator === undefined) throw new Error('A shard has ended under the benchmark');
      ShardIterator = NextShardIterator;
      if (Records.length === 0) await pause(POLL_MS);
      else await handle(Records.flatMap(({ dynamodb }) => (dynamodb?.NewImage ? [dynamodb.NewImage] : [])));
    }
  }
}

/** Iterators for what comes from now on, one for each open shard. */
async function latestOf(streams: EmulatorApi, StreamArn: string): Promise<readonly string[]> {
  const described = await streams.call('DescribeStream', JSON.stringify({ StreamArn }));
  const { StreamDescription } = JSON.parse(described) as {
    readonly StreamDescription: {
      readonly Shards: readonly {
        readonly ShardId: string;
        readonly SequenceNumberRange: { readonly EndingSequenceNumber?: string };
      }[];
    };
  };
  const open = StreamDescription.Shards.filter((each) => !each.SequenceNumberRange.EndingSequenceNumber);
  return Promise.all(
    open.map(async ({ ShardId }) => {
      const where = { StreamArn, ShardId, ShardIteratorType: 'LATEST' };
      const answer = await streams.call('GetShardIterator', JSON.stringify(where));
      return (JSON.parse(answer) as { readonly ShardIterator: string }).ShardIterator;
    }),
  );
}
