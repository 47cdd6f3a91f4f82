import { createHash } from 'node:crypto';
import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import type { AttributeMap } from './attribute-value.ts';
import { CapacityMeter, type CapacityMode, capacityMode, collectionMetrics, readUnits } from './capacity.ts';
import type { Database, Operation } from './database.ts';
import { validationException } from './errors.ts';
import { conditionMembers, nameMembers } from './expressions/request-bindings.ts';
import { attributes, bindReader, readItem, writeMembers } from './item-operations.ts';
import { itemBytes } from './item-size.ts';
import { positionId } from './key-schema.ts';
import { MAX_TRANSACTION_BYTES, MAX_TRANSACTION_ITEMS } from './limits.ts';
import { boundedText, list, oneOf, optional, required, structure, tableName, text } from './request.ts';
import type { Table } from './table.ts';
import {
  commitWrite,
  computeWrite,
  type LocatedWrite,
  locateWrite,
  type ParsedWrite,
  parseWrite,
  type WriteKind,
  type WriteResult,
} from './write.ts';

const transactWriteItem = structure('TransactWriteItem', {
  Put: optional(structure('Put', { ...writeMembers, Item: required(attributes) })),
  Update: optional(
    structure('Update', { ...writeMembers, Key: required(attributes), UpdateExpression: required(text) }),
  ),
  Delete: optional(structure('Delete', { ...writeMembers, Key: required(attributes) })),
  ConditionCheck: optional(
    structure('ConditionCheck', {
      ...writeMembers,
      ...conditionMembers,
      Key: required(attributes),
      ConditionExpression: required(text),
    }),
  ),
});

const transactWriteRequest = structure('TransactWriteItems', {
  TransactItems: required(list(transactWriteItem, 1, MAX_TRANSACTION_ITEMS)),
  ClientRequestToken: optional(boundedText(1, 36)),
  ReturnConsumedCapacity: optional(capacityMode),
  ReturnItemCollectionMetrics: optional(oneOf('SIZE', 'NONE')),
});

interface Reason extends JsonObject {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: AttributeMap;
}

type Outcome =
  | { readonly outcome: 'ready'; readonly write: LocatedWrite; readonly result: WriteResult }
  | { readonly outcome: 'refused'; readonly reason: Reason };

const CONFLICT: Reason = { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' };
const THROTTLED: Reason = {
  Code: 'ThrottlingError',
  Message:
    'Throughput exceeds the current capacity for one or more global secondary indexes. DynamoDB is automatically scaling your index so please try again shortly.',
};

const canceled = (reasons: readonly Reason[]): AwsError =>
  new AwsError(
    'TransactionCanceledException',
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${reasons.map(({ Code }) => Code).join(', ')}]`,
    { fields: { CancellationReasons: reasons } },
  );

const parseTransactWrite = (item: ReturnType<typeof transactWriteItem>): ParsedWrite => {
  const given = (
    ['Put', 'Update', 'Delete', 'ConditionCheck'] as const satisfies readonly WriteKind[]
  ).flatMap((kind) => {
    const request = item[kind];
    return request ? [{ kind, request }] : [];
  });
  const [only] = given;
  if (!only || given.length > 1)
    throw validationException('TransactItems can only contain one of Check, Put, Update or Delete');
  return parseWrite(only.kind, only.request);
};

const assertPayload = (items: readonly (AttributeMap | undefined)[]): void => {
  const bytes = items.reduce((sum, item) => sum + (item ? itemBytes(item) : 0), 0);
  if (bytes > MAX_TRANSACTION_BYTES)
    throw validationException(`Transaction payload size cannot exceed 4MB. Payload Size: ${bytes}`);
};

const assertDistinct = (places: readonly (readonly [Table, AttributeMap])[]): void => {
  const seen = new Set(places.map(([table, key]) => `${table.name} ${positionId(table.position(key))}`));
  if (seen.size < places.length)
    throw validationException('Transaction request cannot include multiple operations on one item');
};

const reasonOf = (error: unknown): Reason => {
  if (!(error instanceof AwsError)) throw error;
  if (error.code === 'ConditionalCheckFailedException')
    return { Code: 'ConditionalCheckFailed', Message: error.message, ...error.fields };
  if (error.code === 'ValidationException') return { Code: 'ValidationError', Message: error.message };
  throw error;
};

const attempt = (table: Table, write: ParsedWrite): Outcome => {
  try {
    const located = locateWrite(table, write);
    return { outcome: 'ready', write: located, result: computeWrite(located) };
  } catch (error) {
    return { outcome: 'refused', reason: reasonOf(error) };
  }
};

const NONE: Reason = { Code: 'None' };

const reasonsOf = (outcomes: readonly Outcome[]): readonly Reason[] =>
  outcomes.map((each) => (each.outcome === 'refused' ? each.reason : NONE));

/** Cancels a transaction for one of its items, at random, when a fault demands it. */
const meetTransactionFaults = ({ context }: Database, size: number): void => {
  const { faults, chance } = context;
  const reason = faults.transactionConflicts.happens()
    ? CONFLICT
    : faults.throttles.happens()
      ? THROTTLED
      : undefined;
  if (!reason) return;
  const unlucky = Math.floor(chance.next() * size);
  throw canceled(Array.from({ length: size }, (_, index) => (index === unlucky ? reason : NONE)));
};

/** The answer to a transaction that was done before: it costs reads only. */
const repeatedAnswer = (
  tables: readonly (readonly [Table, ParsedWrite])[],
  mode: CapacityMode,
): JsonObject => {
  const meter = new CapacityMeter(mode, 'ReadCapacityUnits');
  if (meter.isOff) return {};
  for (const [table, { given }] of tables)
    meter.read(table, readUnits(table.row(positionId(table.position(given)))?.bytes ?? 0, 2));
  return meter.many;
};

const digest = (items: unknown): string => createHash('sha1').update(JSON.stringify(items)).digest('hex');

const transactionMetrics = (writes: readonly LocatedWrite[]): JsonObject | undefined => {
  const byTable: Record<string, JsonObject[]> = {};
  for (const { table, given } of writes) {
    const metrics = collectionMetrics(table, given);
    if (metrics) byTable[table.name] = [...(byTable[table.name] ?? []), metrics];
  }
  return Object.keys(byTable).length > 0 ? byTable : undefined;
};

const isReady = (outcome: Outcome): outcome is Extract<Outcome, { outcome: 'ready' }> =>
  outcome.outcome === 'ready';

export const transactWriteItems: Operation = (database, input) => {
  const request = transactWriteRequest(input, '');
  const parsed = request.TransactItems.map(parseTransactWrite);
  const writes = parsed.map((write) => [database.table(write.tableName), write] as const);
  assertDistinct(writes.map(([table, { given }]) => [table, given]));
  assertPayload(parsed.map(({ given }) => given));
  const token = request.ClientRequestToken;
  const identity = token === undefined ? '' : digest(request.TransactItems);
  if (token !== undefined && database.isRepeated(token, identity))
    return repeatedAnswer(writes, request.ReturnConsumedCapacity);
  meetTransactionFaults(database, writes.length);
  const outcomes = writes.map(([table, write]) => attempt(table, write));
  const ready = outcomes.filter(isReady);
  if (ready.length < outcomes.length) throw canceled(reasonsOf(outcomes));
  const meter = new CapacityMeter(request.ReturnConsumedCapacity, 'WriteCapacityUnits');
  for (const { write, result } of ready) {
    commitWrite(write, result);
    meter.write(write.table, result.before, result.after, 2);
  }
  if (token !== undefined) database.useToken(token, identity);
  const metrics =
    request.ReturnItemCollectionMetrics === 'SIZE'
      ? transactionMetrics(ready.map(({ write }) => write))
      : undefined;
  return { ...meter.many, ...(metrics && { ItemCollectionMetrics: metrics }) };
};

const transactGetRequest = structure('TransactGetItems', {
  TransactItems: required(
    list(
      structure('TransactGetItem', {
        Get: required(
          structure('Get', {
            TableName: required(tableName),
            Key: required(attributes),
            ProjectionExpression: optional(text),
            ...nameMembers,
          }),
        ),
      }),
      1,
      MAX_TRANSACTION_ITEMS,
    ),
  ),
  ReturnConsumedCapacity: optional(capacityMode),
});

export const transactGetItems: Operation = (database, input) => {
  const request = transactGetRequest(input, '');
  const gets = request.TransactItems.map(({ Get }) => ({
    key: Get.Key,
    show: bindReader(Get),
    table: database.table(Get.TableName),
  }));
  assertDistinct(gets.map(({ table, key }) => [table, key]));
  meetTransactionFaults(database, gets.length);
  const meter = new CapacityMeter(request.ReturnConsumedCapacity, 'ReadCapacityUnits');
  const items = gets.map(({ table, key }) => readItem(table, key, true));
  assertPayload(items);
  const responses = gets.map(({ table, show }, index) => {
    const item = items[index];
    meter.read(table, readUnits(item ? itemBytes(item) : 0, 2));
    return item ? { Item: show(item) } : {};
  });
  return { Responses: responses, ...meter.many };
};
