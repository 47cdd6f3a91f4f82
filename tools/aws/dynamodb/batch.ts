import type { JsonObject } from '../protocol/service.ts';
import type { AttributeMap } from './attribute-value.ts';
import { CapacityMeter, capacityMode, collectionMetrics, readUnits } from './capacity.ts';
import type { Database, Operation } from './database.ts';
import { validationException } from './errors.ts';
import { attributes, bindReader, readItem, readMembers } from './item-operations.ts';
import { itemBytes } from './item-size.ts';
import { positionId } from './key-schema.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_GETS, MAX_BATCH_WRITES } from './limits.ts';
import {
  constraintViolation,
  list,
  oneOf,
  optional,
  record,
  required,
  structure,
  tableName,
} from './request.ts';
import type { Table } from './table.ts';
import { commitWrite, computeWrite, type LocatedWrite, locateWrite, parseWrite } from './write.ts';

const keysAndAttributes = structure('KeysAndAttributes', {
  Keys: required(list(attributes, 1)),
  ...readMembers,
});

const batchGetRequest = structure('BatchGetItem', {
  RequestItems: required(record(keysAndAttributes)),
  ReturnConsumedCapacity: optional(capacityMode),
});

type KeysAndAttributes = ReturnType<typeof keysAndAttributes>;

const duplicates = () => validationException('Provided list of item keys contains duplicates');

const assertNotEmpty = (size: number): void => {
  if (size === 0)
    throw constraintViolation("'{}'", 'requestItems', 'Member must have length greater than or equal to 1');
};

/** A table's part of a batch of reads, with its keys checked. */
class TableReads {
  readonly table: Table;
  readonly #request: KeysAndAttributes;
  readonly #show: (item: AttributeMap) => AttributeMap;
  readonly #consistent: boolean;
  readonly found: AttributeMap[] = [];
  readonly #unread: AttributeMap[] = [];

  constructor(table: Table, request: KeysAndAttributes) {
    this.table = table;
    this.#request = request;
    this.#show = bindReader(request);
    this.#consistent = request.ConsistentRead ?? false;
    const seen = new Set<string>();
    for (const key of request.Keys) {
      readItem(table, key, true);
      seen.add(positionId(table.position(key)));
    }
    if (seen.size < request.Keys.length) throw duplicates();
  }

  /**
   * Reads until the batch is full.
   * @returns the bytes of the batch so far
   */
  read(before: number, database: Database, meter: CapacityMeter): number {
    let bytes = before;
    for (const key of this.#request.Keys) {
      const item = readItem(this.table, key, this.#consistent);
      const size = item ? itemBytes(item) : 0;
      if (bytes + size > MAX_BATCH_BYTES || database.context.faults.throttles.happens()) {
        this.#unread.push(key);
        continue;
      }
      bytes += size;
      meter.read(this.table, readUnits(size, this.#consistent ? 1 : 0.5));
      if (item) this.found.push(this.#show(item));
    }
    return bytes;
  }

  /** What to ask for again. */
  get unprocessed(): JsonObject | undefined {
    if (this.#unread.length === 0) return undefined;
    const { Keys, ...rest } = this.#request;
    const given = Object.entries(rest).filter(([, value]) => value !== undefined);
    return { Keys: this.#unread, ...Object.fromEntries(given) };
  }
}

export const batchGetItem: Operation = (database, input) => {
  const { RequestItems, ReturnConsumedCapacity } = batchGetRequest(input, '');
  assertNotEmpty(RequestItems.size);
  const count = [...RequestItems.values()].reduce((sum, { Keys }) => sum + Keys.length, 0);
  if (count > MAX_BATCH_GETS) throw validationException('Too many items requested for the BatchGetItem call');
  const tables = [...RequestItems].map(
    ([name, request]) =>
      [name, new TableReads(database.table(tableName(name, 'requestItems')), request)] as const,
  );
  const meter = new CapacityMeter(ReturnConsumedCapacity);
  let bytes = 0;
  for (const [, reads] of tables) bytes = reads.read(bytes, database, meter);
  const unprocessed = tables.flatMap(([name, reads]) =>
    reads.unprocessed ? [[name, reads.unprocessed]] : [],
  );
  return {
    Responses: Object.fromEntries(tables.map(([name, { found }]) => [name, found])),
    UnprocessedKeys: Object.fromEntries(unprocessed),
    ...meter.many,
  };
};

const batchWrite = structure('WriteRequest', {
  PutRequest: optional(structure('PutRequest', { Item: required(attributes) })),
  DeleteRequest: optional(structure('DeleteRequest', { Key: required(attributes) })),
});
type BatchWrite = ReturnType<typeof batchWrite>;

const batchWriteRequest = structure('BatchWriteItem', {
  RequestItems: required(record(list(batchWrite))),
  ReturnConsumedCapacity: optional(capacityMode),
  ReturnItemCollectionMetrics: optional(oneOf('SIZE', 'NONE')),
});

const locateBatchWrite = (table: Table, { PutRequest, DeleteRequest }: BatchWrite): LocatedWrite => {
  if (!PutRequest === !DeleteRequest)
    throw validationException(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  const write = PutRequest
    ? parseWrite('Put', { TableName: table.name, Item: PutRequest.Item })
    : parseWrite('Delete', { TableName: table.name, Key: DeleteRequest?.Key ?? {} });
  return locateWrite(table, write);
};

const locateBatch = (table: Table, requests: readonly BatchWrite[]): readonly LocatedWrite[] => {
  const writes = requests.map((each) => locateBatchWrite(table, each));
  if (new Set(writes.map(({ id }) => id)).size < writes.length) throw duplicates();
  return writes;
};

const requestOf = ({ kind, given }: LocatedWrite): JsonObject =>
  kind === 'Put' ? { PutRequest: { Item: given } } : { DeleteRequest: { Key: given } };

const assertBatchSize = (requests: ReadonlyMap<string, readonly BatchWrite[]>): void => {
  assertNotEmpty(requests.size);
  const sizes = [...requests.values()].map(({ length }) => length);
  if (sizes.includes(0))
    throw validationException('The batch write request list for a table cannot be null or empty');
  if (sizes.reduce((sum, size) => sum + size, 0) > MAX_BATCH_WRITES)
    throw validationException('Too many items requested for the BatchWriteItem call');
};

export const batchWriteItem: Operation = (database, input) => {
  const request = batchWriteRequest(input, '');
  assertBatchSize(request.RequestItems);
  const tables = [...request.RequestItems].map(
    ([name, requests]) =>
      [name, locateBatch(database.table(tableName(name, 'requestItems')), requests)] as const,
  );
  const meter = new CapacityMeter(request.ReturnConsumedCapacity);
  const unprocessed: Record<string, JsonObject[]> = {};
  for (const [name, writes] of tables)
    for (const write of writes) {
      if (database.context.faults.throttles.happens()) {
        unprocessed[name] = [...(unprocessed[name] ?? []), requestOf(write)];
        continue;
      }
      const result = computeWrite(write);
      commitWrite(write, result);
      meter.write(write.table, result.before, result.after);
    }
  const metrics = request.ReturnItemCollectionMetrics === 'SIZE' ? batchMetrics(tables) : undefined;
  return {
    UnprocessedItems: unprocessed,
    ...meter.many,
    ...(metrics && { ItemCollectionMetrics: metrics }),
  };
};

const batchMetrics = (tables: readonly (readonly [string, readonly LocatedWrite[]])[]): JsonObject =>
  Object.fromEntries(
    tables.flatMap(([name, writes]) => {
      const metrics = writes.flatMap(({ table, given }) => collectionMetrics(table, given) ?? []);
      return metrics.length > 0 ? [[name, metrics]] : [];
    }),
  );
