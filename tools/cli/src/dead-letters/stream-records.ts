import {
  type _Record,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { StreamPosition } from './stream-position.ts';

/** An open shard may answer with nothing though more is to come; not this often in a row. */
const MAX_EMPTY_PAGES = 50;

/**
 * The records between two positions of a shard, in order.
 *
 * @returns `gone` when the stream does not have them any more: it keeps its records for 24 hours
 */
export async function recordsAt(
  streams: DynamoDBStreamsClient,
  position: StreamPosition,
): Promise<readonly _Record[] | 'gone'> {
  try {
    const records = await read(streams, position);
    const [first, last] = [records[0], records.at(-1)];
    // A stream that was trimmed in the middle of the batch begins later, one that we left too early ends earlier.
    const whole =
      first?.dynamodb?.SequenceNumber === position.startSequenceNumber &&
      last?.dynamodb?.SequenceNumber === position.endSequenceNumber;
    return whole ? records : 'gone';
  } catch (error) {
    if (error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException) {
      return 'gone';
    }
    throw error;
  }
}

async function read(
  streams: DynamoDBStreamsClient,
  { streamArn, shardId, startSequenceNumber, endSequenceNumber }: StreamPosition,
): Promise<_Record[]> {
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn: streamArn,
      ShardId: shardId,
      ShardIteratorType: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: startSequenceNumber,
    }),
  );
  const end = BigInt(endSequenceNumber);
  const records: _Record[] = [];
  let iterator = ShardIterator;
  let emptyPages = 0;
  while (iterator !== undefined && emptyPages < MAX_EMPTY_PAGES) {
    const page = await streams.send(new GetRecordsCommand({ ShardIterator: iterator }));
    const found: readonly _Record[] = page.Records ?? [];
    records.push(...found.filter((record) => sequenceOf(record) <= end));
    if (found.some((record) => sequenceOf(record) >= end)) break;
    emptyPages = found.length === 0 ? emptyPages + 1 : 0;
    iterator = page.NextShardIterator;
  }
  return records;
}

const sequenceOf = ({ dynamodb }: _Record): bigint => BigInt(dynamodb?.SequenceNumber ?? 0);
