import { isDeepStrictEqual } from 'node:util';
import {
  type AttributeValue,
  BatchGetItemCommand,
  ConditionalCheckFailedException,
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
} from '@aws-sdk/client-dynamodb';
import { withDeadline } from '../observability/request-context.ts';
import { backOff } from '../retry.ts';
import { fromAttributes, toAttributes } from './attributes.ts';
import { client } from './client.ts';
import { type Condition, guarded } from './condition.ts';
import type { Write } from './transaction.ts';

export type Key = Readonly<Record<string, string>>;

/** A guarded write either happened, or returns the item that is there instead. */
export type PutResult<Item> =
  | { readonly outcome: 'written' }
  | { readonly outcome: 'refused'; readonly current: Item | undefined };

/**
 * Typed access to one table. Only the service that owns it writes to it, so its items are trusted to be what that service
 * wrote, and are not checked.
 *
 * All operations throw the SDK's errors for throttling and faults, after its own retries.
 */
export function openTable<Item extends object>(tableName: string) {
  return {
    /** Reads one item, consistently. */
    async get(key: Key): Promise<Item | undefined> {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: toAttributes(key), ConsistentRead: true }),
        withDeadline(),
      );
      return item && fromAttributes<Item>(item);
    },

    /**
     * Reads any number of items, 100 a request. They come in no order, without those that do not exist.
     *
     * @param consistent at twice the price
     * @throws ThrottledReadError
     */
    async getMany(keys: readonly Key[], consistent = true): Promise<Item[]> {
      const chunks = Array.from({ length: Math.ceil(keys.length / 100) }, (_, i) =>
        keys.slice(i * 100, i * 100 + 100),
      );
      const items = await Promise.all(chunks.map((chunk) => batchGet(tableName, chunk, consistent)));
      return items.flat().map((item) => fromAttributes<Item>(item));
    },

    /**
     * Writes one item if `condition` holds, or in any case without one. If the answer to a write was lost, the SDK's retry finds the item that it
     * has written itself. That counts as written, so each write must differ from all others, as one with an outbox does
     * by its event ids.
     */
    async put(item: Item, condition?: Condition): Promise<PutResult<Item>> {
      const attributes = toAttributes(item);
      try {
        const request = guarded({ TableName: tableName, Item: attributes }, condition);
        await client.send(new PutItemCommand(request), withDeadline());
        return { outcome: 'written' };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (isDeepStrictEqual(error.Item, attributes)) return { outcome: 'written' };
        return { outcome: 'refused', current: error.Item && fromAttributes<Item>(error.Item) };
      }
    },

    /** Removes an item; nothing happens where there is none. */
    async remove(key: Key): Promise<void> {
      const command = new DeleteItemCommand({ TableName: tableName, Key: toAttributes(key) });
      await client.send(command, withDeadline());
    },

    /** A put as a part of a transaction, see `transact`. */
    putting(item: Item, condition: Condition): Write {
      return { Put: guarded({ TableName: tableName, Item: toAttributes(item) }, condition) };
    },

    /**
     * An update as a part of a transaction, see `transact`.
     *
     * @param change the update expression, which shares the condition's names and values
     */
    updating(key: Key, change: string, condition: Condition): Write {
      const request = { TableName: tableName, Key: toAttributes(key), UpdateExpression: change };
      return { Update: guarded(request, condition) };
    },
  };
}

const batchAttempts = 6;

async function batchGet(
  tableName: string,
  keys: readonly Key[],
  ConsistentRead: boolean,
): Promise<Record<string, AttributeValue>[]> {
  const found: Record<string, AttributeValue>[] = [];
  let pending = keys.map(toAttributes);
  for (let attempt = 0; pending.length > 0; attempt++) {
    if (attempt === batchAttempts) throw new ThrottledReadError(`${pending.length} items were not read`);
    if (attempt > 0) await backOff(attempt);
    const { Responses, UnprocessedKeys } = await client.send(
      new BatchGetItemCommand({ RequestItems: { [tableName]: { Keys: pending, ConsistentRead } } }),
      withDeadline(),
    );
    found.push(...(Responses?.[tableName] ?? []));
    pending = UnprocessedKeys?.[tableName]?.Keys ?? [];
  }
  return found;
}

/** DynamoDB kept omitting items of a batch read, which is how it throttles one. */
export class ThrottledReadError extends Error {
  override readonly name = 'ThrottlingException';
}
