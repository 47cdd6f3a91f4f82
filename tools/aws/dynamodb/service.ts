import type { Chance } from '../chance.ts';
import type { Clock } from '../clock.ts';
import { AwsError } from '../protocol/error.ts';
import type { AwsService, ErrorAnswer, JsonObject } from '../protocol/service.ts';
import { batchGetItem, batchWriteItem } from './batch.ts';
import { Database, type Operation } from './database.ts';
import { resourceNotFound } from './errors.ts';
import { createFaults, type Faults } from './faults.ts';
import { deleteItem, getItem, putItem, updateItem } from './item-operations.ts';
import { SHARD_LIFETIME_MS } from './limits.ts';
import { query } from './query.ts';
import { scan } from './scan.ts';
import type { Stream } from './stream.ts';
import { describeStream, getRecords, getShardIterator, listStreams } from './stream-operations.ts';
import {
  createTable,
  deleteTable,
  describeTable,
  describeTimeToLive,
  listTables,
  updateTable,
  updateTimeToLive,
} from './table-operations.ts';
import { listTagsOfResource, tagResource, untagResource } from './tag-operations.ts';
import { transactGetItems, transactWriteItems } from './transaction.ts';

const DYNAMODB = 'DynamoDB_20120810';
const STREAMS = 'DynamoDBStreams_20120810';

const OPERATIONS: Readonly<Record<string, ReadonlyMap<string, Operation>>> = {
  [DYNAMODB]: new Map<string, Operation>([
    ['BatchGetItem', batchGetItem],
    ['BatchWriteItem', batchWriteItem],
    ['CreateTable', createTable],
    ['DeleteItem', deleteItem],
    ['DeleteTable', deleteTable],
    ['DescribeTable', describeTable],
    ['DescribeTimeToLive', describeTimeToLive],
    ['GetItem', getItem],
    ['ListTables', listTables],
    ['ListTagsOfResource', listTagsOfResource],
    ['PutItem', putItem],
    ['Query', query],
    ['Scan', scan],
    ['TagResource', tagResource],
    ['TransactGetItems', transactGetItems],
    ['TransactWriteItems', transactWriteItems],
    ['UntagResource', untagResource],
    ['UpdateItem', updateItem],
    ['UpdateTable', updateTable],
    ['UpdateTimeToLive', updateTimeToLive],
  ]),
  [STREAMS]: new Map<string, Operation>([
    ['DescribeStream', describeStream],
    ['GetRecords', getRecords],
    ['GetShardIterator', getShardIterator],
    ['ListStreams', listStreams],
  ]),
};

export interface DynamoDbOptions {
  readonly clock: Clock;
  readonly chance: Chance;
  readonly region: string;
  /** How long an item stays after it expired: AWS takes up to some days. 1000 by default. */
  readonly timeToLiveDelayMs?: number;
  /** How long a shard takes records before another one follows it: four hours by default, as on AWS. */
  readonly shardLifetimeMs?: number;
}

/** A stream that got records. */
export interface StreamWrite {
  readonly streamArn: string;
  readonly tableName: string;
  /** As GetRecords gives them. */
  readonly records: readonly JsonObject[];
}

export interface DynamoDb extends AwsService {
  /** What can be made to happen; nothing does by default. */
  readonly faults: Faults;
  /**
   * Closes an open shard of a table's stream and goes on in two.
   * @param shardId the first open one by default
   * @throws AwsError when there is no such table, stream or open shard
   */
  splitShard(tableName: string, shardId?: string): void;
  /**
   * Calls back after every request, or expiry, that wrote to a stream: once for each such stream.
   * @returns ends it
   */
  onStreamWrite(listener: (write: StreamWrite) => void): () => void;
  /** Stops all timers. */
  close(): void;
}

const SERVICE_ERRORS: Readonly<Record<string, string>> = {
  ValidationException: 'com.amazon.coral.validate#',
  SerializationException: 'com.amazon.coral.service#',
  UnknownOperationException: 'com.amazon.coral.service#',
};

const describeError = (error: AwsError): ErrorAnswer => {
  const prefix = SERVICE_ERRORS[error.code] ?? 'com.amazonaws.dynamodb.v20120810#';
  return {
    body: {
      __type: `${prefix}${error.code}`,
      ...error.fields,
      message: error.message,
      // AWS writes this one in capitals, and SDKs look for either.
      ...(error.code === 'TransactionCanceledException' && { Message: error.message }),
    },
  };
};

/** Collects what a request writes to streams, until its listeners are called. */
class StreamWrites {
  readonly #listeners = new Set<(write: StreamWrite) => void>();
  #written = new Map<Stream, JsonObject[]>();

  add(stream: Stream, record: JsonObject): void {
    if (this.#listeners.size === 0) return;
    const records = this.#written.get(stream) ?? [];
    records.push(record);
    this.#written.set(stream, records);
  }

  listen(listener: (write: StreamWrite) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  notify(): void {
    if (this.#written.size === 0) return;
    const written = this.#written;
    this.#written = new Map();
    for (const [{ arn, tableName }, records] of written)
      for (const listener of this.#listeners) listener({ streamArn: arn, tableName, records });
  }
}

const findOperation = (target: string, name: string): Operation => {
  const operation = OPERATIONS[target]?.get(name);
  if (operation) return operation;
  throw new AwsError('UnknownOperationException', `This DynamoDB does not implement the operation ${name}`);
};

/**
 * DynamoDB and DynamoDB Streams in memory. Every request is done as a whole, before any other, by the time `call`
 * returns its promise. Answers share structure with what is stored: callers must not change them.
 */
export const createDynamoDb = (options: DynamoDbOptions): DynamoDb => {
  const faults = createFaults(options.chance);
  const writes = new StreamWrites();
  let sequence = 0;
  const database = new Database({
    clock: {
      now: () => options.clock.now(),
      after: (ms, callback) =>
        options.clock.after(ms, () => {
          callback();
          writes.notify();
        }),
    },
    chance: options.chance,
    region: options.region,
    faults,
    timeToLiveDelayMs: options.timeToLiveDelayMs ?? 1000,
    shardLifetimeMs: options.shardLifetimeMs ?? SHARD_LIFETIME_MS,
    nextSequence: () => ++sequence,
    written: (stream, record) => writes.add(stream, record),
  });
  const call = async (target: string, name: string, input: JsonObject): Promise<JsonObject> => {
    try {
      return findOperation(target, name)(database, input);
    } finally {
      writes.notify();
    }
  };
  return {
    targets: [DYNAMODB, STREAMS],
    call,
    describeError,
    faults,
    splitShard: (tableName, shardId) => {
      const { stream } = database.namedTable(tableName);
      if (!stream?.isEnabled) throw resourceNotFound(`Stream of table: ${tableName} not found`);
      stream.split(shardId);
    },
    onStreamWrite: (listener) => writes.listen(listener),
    close: () => {
      for (const table of database.tables.values()) table.expiry.attribute = undefined;
    },
  };
};
