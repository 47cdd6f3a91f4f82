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
import type { Key, Table } from '../table/types.ts';
import { fromAttributes, toAttributes } from './attributes.ts';
import { client } from './client.ts';
import { expressions } from './expression.ts';

export { queryPage } from './page.ts';
export { transact } from './transaction.ts';

/** A table of DynamoDB. Its reads of many items are requests of 100, and throw `ThrottledReadError`. */
export function openTable<Item extends object>(tableName: string): Table<Item> {
  return {
    async get(key) {
      const { Item: item } = await client.send(
        new GetItemCommand({ TableName: tableName, Key: toAttributes(key), ConsistentRead: true }),
        withDeadline(),
      );
      return item && fromAttributes<Item>(item);
    },

    async getMany(keys, consistent = true) {
      const chunks = Array.from({ length: Math.ceil(keys.length / 100) }, (_, i) =>
        keys.slice(i * 100, i * 100 + 100),
      );
      const items = await Promise.all(chunks.map((chunk) => batchGet(tableName, chunk, consistent)));
      return items.flat().map((item) => fromAttributes<Item>(item));
    },

    async put(item, condition) {
      const attributes = toAttributes(item);
      const guard = condition && expressions(condition);
      try {
        const command = new PutItemCommand({ TableName: tableName, Item: attributes, ...guard });
        await client.send(command, withDeadline());
        return { outcome: 'written' };
      } catch (error) {
        if (!(error instanceof ConditionalCheckFailedException)) throw error;
        if (isDeepStrictEqual(error.Item, attributes)) return { outcome: 'written' };
        return { outcome: 'refused', current: error.Item && fromAttributes<Item>(error.Item) };
      }
    },

    async remove(key) {
      const command = new DeleteItemCommand({ TableName: tableName, Key: toAttributes(key) });
      await client.send(command, withDeadline());
    },

    putting: (item, condition) => ({ table: tableName, item, condition }),
    updating: (key, update, condition) => ({ table: tableName, key, update, condition }),
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
