import { AwsError } from '../protocol/error.ts';
import type { Operation } from './database.ts';
import { resourceNotFound, validationException } from './errors.ts';
import { MAX_STREAM_PAGE_BYTES, MAX_STREAM_RECORDS } from './limits.ts';
import { boundedText, integer, oneOf, optional, required, structure, tableName } from './request.ts';
import { parseSequence, type Shard } from './shard.ts';
import { parseShardIterator, shardIteratorText } from './shard-iterator.ts';
import type { Stream } from './stream.ts';

/** How many shards or streams a page of a listing holds. */
const PAGE = 100;

const streamArn = boundedText(37, 1024);
const shardId = boundedText(28, 65);
const sequenceNumber = boundedText(21, 40, /^\d+$/);

const listStreamsRequest = structure('ListStreams', {
  TableName: optional(tableName),
  Limit: optional(integer(1, PAGE)),
  ExclusiveStartStreamArn: optional(streamArn),
});

/** What comes after the element with an id; all when no id is given. */
const following = <T>(all: readonly T[], id: string | undefined, idOf: (each: T) => string): readonly T[] =>
  id === undefined ? all : all.slice(all.findIndex((each) => idOf(each) === id) + 1);

export const listStreams: Operation = (database, input) => {
  const { TableName, Limit = PAGE, ExclusiveStartStreamArn } = listStreamsRequest(input, '');
  const all = database.streams.filter((stream) => TableName === undefined || stream.tableName === TableName);
  const rest = following(all, ExclusiveStartStreamArn, ({ arn }) => arn);
  const page = rest.slice(0, Limit);
  return {
    Streams: page.map(({ arn, tableName: TableName, label }) => ({
      StreamArn: arn,
      TableName,
      StreamLabel: label,
    })),
    ...(page.length < rest.length && { LastEvaluatedStreamArn: page.at(-1)?.arn }),
  };
};

const describeStreamRequest = structure('DescribeStream', {
  StreamArn: required(streamArn),
  Limit: optional(integer(1, PAGE)),
  ExclusiveStartShardId: optional(shardId),
});

export const describeStream: Operation = (database, input) => {
  const { StreamArn, Limit = PAGE, ExclusiveStartShardId } = describeStreamRequest(input, '');
  const stream = database.stream(StreamArn);
  const rest = following(stream.shards, ExclusiveStartShardId, ({ id }) => id);
  const page = rest.slice(0, Limit);
  const description = {
    StreamArn: stream.arn,
    StreamLabel: stream.label,
    StreamStatus: stream.isEnabled ? 'ENABLED' : 'DISABLED',
    StreamViewType: stream.viewType,
    CreationRequestDateTime: stream.createdAt / 1000,
    TableName: stream.tableName,
    KeySchema: stream.keySchema,
    Shards: page.map((shard) => shard.describe()),
    ...(page.length < rest.length && { LastEvaluatedShardId: page.at(-1)?.id }),
  };
  return { StreamDescription: description };
};

const getShardIteratorRequest = structure('GetShardIterator', {
  StreamArn: required(streamArn),
  ShardId: required(shardId),
  ShardIteratorType: required(oneOf('TRIM_HORIZON', 'LATEST', 'AT_SEQUENCE_NUMBER', 'AFTER_SEQUENCE_NUMBER')),
  SequenceNumber: optional(sequenceNumber),
});

const findShard = (stream: Stream, id: string): Shard => {
  const shard = stream.shards.find((each) => each.id === id);
  if (shard) return shard;
  throw resourceNotFound(`Shard: ${id} in stream: ${stream.arn} not found`);
};

const trimmed = (): AwsError =>
  new AwsError(
    'TrimmedDataAccessException',
    'The operation attempted to read past the oldest stream record in a shard.',
  );

type IteratorRequest = ReturnType<typeof getShardIteratorRequest>;

/** The sequence number after which an iterator begins. */
const beginning = (shard: Shard, { ShardIteratorType: type, SequenceNumber }: IteratorRequest): number => {
  if (type === 'TRIM_HORIZON' || type === 'LATEST') {
    if (SequenceNumber !== undefined)
      throw validationException(`SequenceNumber must not be specified for ShardIteratorType ${type}`);
    return type === 'LATEST' ? shard.latest : shard.trimmed;
  }
  if (SequenceNumber === undefined)
    throw validationException(`SequenceNumber must be specified for ShardIteratorType ${type}`);
  const sequence = parseSequence(SequenceNumber);
  const after = type === 'AFTER_SEQUENCE_NUMBER' ? sequence : sequence - 1;
  if (sequence < shard.first)
    throw validationException(
      `Invalid SequenceNumber: it is not in the range of sequence numbers of the shard ${shard.id}`,
    );
  if (after < shard.trimmed) throw trimmed();
  return after;
};

export const getShardIterator: Operation = (database, input) => {
  const request = getShardIteratorRequest(input, '');
  const stream = database.stream(request.StreamArn);
  const shard = findShard(stream, request.ShardId);
  const after = beginning(shard, request);
  const issuedAt = database.context.clock.now();
  return { ShardIterator: shardIteratorText({ streamArn: stream.arn, shardId: shard.id, after, issuedAt }) };
};

const getRecordsRequest = structure('GetRecords', {
  ShardIterator: required(boundedText(1, 2048)),
  Limit: optional(integer(1, MAX_STREAM_RECORDS)),
});

export const getRecords: Operation = (database, input) => {
  const { ShardIterator, Limit = MAX_STREAM_RECORDS } = getRecordsRequest(input, '');
  const now = database.context.clock.now();
  const { streamArn: arn, shardId: id, after } = parseShardIterator(ShardIterator, now);
  const shard = findShard(database.stream(arn), id);
  if (after < shard.trimmed) throw trimmed();
  const records = shard.after(after, Limit, MAX_STREAM_PAGE_BYTES);
  const last = records.at(-1)?.sequence ?? after;
  const isFinished = !shard.isOpen && last >= shard.latest;
  return {
    Records: records.map(({ json }) => json),
    ...(!isFinished && {
      NextShardIterator: shardIteratorText({ streamArn: arn, shardId: id, after: last, issuedAt: now }),
    }),
  };
};
