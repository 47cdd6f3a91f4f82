import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  ConditionalCheckFailedException,
  DynamoDBClient,
  TransactionCanceledException,
} from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { clientConfig } from '../aws-client.ts';
import { inTime } from '../observability/request-context.ts';
import { backOff, TransactionConflictError } from '../retry.ts';

const marshallOptions = { removeUndefinedValues: true };
const client = DynamoDBDocumentClient.from(new DynamoDBClient(clientConfig), {
  // A copy: the client adds to it.
  marshallOptions: { ...marshallOptions },
});

/** A DynamoDB condition: the write happens only if it holds for the item that is there now. */
export interface Condition {
  readonly expression: string;
  readonly names?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** Nothing is there yet. */
export const absent: Condition = { expression: 'attribute_not_exists(pk)' };

/** The item is still the one that was read: nobody has changed it since. */
export function atVersion(version: number): Condition {
  return { expression: '#version = :read', names: { '#version': 'version' }, values: { ':read': version } };
}

/** A guarded write either happened, or tells what stands there instead. */
export type Written<Item> =
  | { readonly written: true }
  | { readonly written: false; readonly current: Item | undefined };

/** One write of a transaction, made by `putting` and `updating`. */
export type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** A transaction either happened whole, or tells for each write whose condition failed what stands there. */
export type Committed =
  | { readonly committed: true }
  | {
      readonly committed: false;
      /** By the index of the write; `undefined` where no such item exists. */
      readonly refused: ReadonlyMap<number, Readonly<Record<string, unknown>> | undefined>;
    };

type Key = Readonly<Record<string, string>>;

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; absent on the last one. */
  readonly next?: Key;
}

export interface PageQuery {
  /** The attribute and value of the partition. */
  readonly partition: readonly [name: string, value: string];
  readonly index?: string;
  /** At most this many items, 1 to 100. */
  readonly limit: number;
  /** Where the previous page ended. */
  readonly after?: Key | undefined;
  readonly descending?: boolean;
}

/**
 * Typed access to one table. Only the owning service writes to it, so items are trusted to be what that
 * service wrote; nothing else of the platform casts.
 *
 * All operations throw the SDK's errors for throttling and faults after its own retries.
 */
export function openTable<Item extends object>(tableName: string) {
  return {
    /** Reads one item, consistently: what was just written is found. */
    async get(key: Key): Promise<Item | undefined> {
      const { Item: item } = await client.send(
        new GetCommand({ TableName: tableName, Key: key, ConsistentRead: true }),
        inTime(),
      );
      return item as Item | undefined;
    },

    /**
     * Reads any number of items, 100 a request, in no order; those that do not exist are left out.
     *
     * @param consistent whether what was just written is found, at twice the price
     */
    async getMany(keys: readonly Key[], consistent = true): Promise<Item[]> {
      const chunks = Array.from({ length: Math.ceil(keys.length / 100) }, (_, i) =>
        keys.slice(i * 100, i * 100 + 100),
      );
      const items = await Promise.all(chunks.map((chunk) => batchGet(tableName, chunk, consistent)));
      return items.flat() as Item[];
    },

    /**
     * Writes one item if `condition` holds. When the answer to a write was lost, the SDK's retry meets the item
     * that it has written itself: that counts as written, so every write must differ from all others (an outbox
     * does, by its event ids).
     */
    async put(item: Item, condition: Condition): Promise<Written<Item>> {
      try {
        await client.send(new PutCommand(guarded({ TableName: tableName, Item: item }, condition)), inTime());
        return { written: true };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (isSame(error.Item, item)) return { written: true };
        return { written: false, current: error.Item && (unmarshall(error.Item) as Item) };
      }
    },

    /** A put, as part of a transaction. */
    putting(item: Item, condition: Condition): Write {
      return { Put: guarded({ TableName: tableName, Item: item }, condition) };
    },

    /**
     * An update, as part of a transaction.
     *
     * @param change the update expression; the condition's names and values are shared with it
     */
    updating(key: Key, change: string, condition: Condition): Write {
      return { Update: guarded({ TableName: tableName, Key: key, UpdateExpression: change }, condition) };
    },
  };
}

/**
 * Reads one page of a table or an index, eventually consistent where it goes through an index. Apart from the
 * others, so that only functions that list are bundled with it.
 */
export async function queryPage<Item extends object>(
  tableName: string,
  { partition: [name, value], index, limit, after, descending }: PageQuery,
): Promise<Page<Item>> {
  const { Items = [], LastEvaluatedKey } = await client.send(
    new QueryCommand({
      TableName: tableName,
      IndexName: index,
      KeyConditionExpression: '#partition = :partition',
      ExpressionAttributeNames: { '#partition': name },
      ExpressionAttributeValues: { ':partition': value },
      ScanIndexForward: !descending,
      // One more tells whether there is another page: DynamoDB says that there may be one also where nothing is left.
      Limit: limit + 1,
      ExclusiveStartKey: after,
      ConsistentRead: index === undefined,
    }),
    inTime(),
  );
  const items = Items.slice(0, limit) as Item[];
  if (LastEvaluatedKey === undefined) return { items };
  const last = Items.length > limit ? Items[limit - 1] : LastEvaluatedKey;
  const next = Object.fromEntries(Object.keys(LastEvaluatedKey).map((name) => [name, last?.[name]]));
  return { items, next };
}

/** How often a transaction that others got in the way of is tried: with full jitter about 2 s in all. */
const transactionAttempts = 8;

/** With less time left no attempt is begun: the caller still has to give its message back. */
const msPerAttempt = 1_000;

/**
 * Does all writes (1 to 100 items) or none. Conflicts with other transactions are retried with full jitter.
 *
 * @param remainingMs what is left of the invocation
 * @throws TransactionConflictError when they do not end, or not in time
 */
export async function transact(
  writes: readonly Write[],
  { remainingMs = () => Number.POSITIVE_INFINITY } = {},
): Promise<Committed> {
  for (let attempt = 0; attempt < transactionAttempts; attempt++) {
    if (attempt > 0) {
      await backOff(attempt);
      if (remainingMs() < msPerAttempt) {
        throw new TransactionConflictError('Other transactions were in the way until the time was over');
      }
    }
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [...writes] }), inTime());
      return { committed: true };
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const reasons = error.CancellationReasons ?? [];
      // A conflict hides whether that item's condition would have held, so only a verdict without one counts.
      if (reasons.every(({ Code }) => Code === 'None' || Code === 'ConditionalCheckFailed')) {
        return { committed: false, refused: refusals(reasons) };
      }
      const fatal = reasons.find(({ Code = 'None' }) => !retryable.has(Code));
      if (fatal !== undefined) throw error;
    }
  }
  throw new TransactionConflictError(`Other transactions were in the way ${transactionAttempts} times`);
}

const retryable = new Set([
  'None',
  'ConditionalCheckFailed',
  'TransactionConflict',
  'ThrottlingError',
  'ProvisionedThroughputExceeded',
]);

function refusals(reasons: NonNullable<TransactionCanceledException['CancellationReasons']>) {
  const refused = new Map<number, Record<string, unknown> | undefined>();
  reasons.forEach(({ Code, Item }, index) => {
    if (Code === 'ConditionalCheckFailed') refused.set(index, Item && unmarshall(Item));
  });
  return refused;
}

function isSame(there: Record<string, AttributeValue> | undefined, item: object): boolean {
  return there !== undefined && isDeepStrictEqual(there, marshall(item, marshallOptions));
}

function guarded<Request extends object>(request: Request, { expression, names, values }: Condition) {
  return {
    ...request,
    ConditionExpression: expression,
    ...(names === undefined ? {} : { ExpressionAttributeNames: { ...names } }),
    ...(values === undefined ? {} : { ExpressionAttributeValues: { ...values } }),
    // The item that is there comes with the refusal, so nobody has to read it.
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
  };
}

const batchAttempts = 6;

async function batchGet(
  tableName: string,
  keys: readonly Key[],
  ConsistentRead: boolean,
): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = [];
  let pending = [...keys];
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === batchAttempts) throw new ThrottledReadError(`${pending.length} items were not read`);
    if (attempt > 0) await backOff(attempt);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetCommand({ RequestItems: { [tableName]: { Keys: pending, ConsistentRead } } }),
      inTime(),
    );
    found.push(...(Responses?.[tableName] ?? []));
    pending = (UnprocessedKeys?.[tableName]?.Keys ?? []) as Key[] as typeof pending;
  }
  return found;
}

/** Thrown when DynamoDB kept leaving out items of a batch read, which is how it throttles one. */
export class ThrottledReadError extends Error {
  override readonly name = 'ThrottlingException';
}
