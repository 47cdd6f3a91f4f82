import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  paginateQuery,
  paginateScan,
} from '@aws-sdk/lib-dynamodb';
import type { Outbox } from '../messaging/outbox.ts';
import type { Key } from '../table/types.ts';
import { marshallOptions } from './attributes.ts';

export type { DynamoDBClient };

/** An aggregate as it is stored. */
export interface MaintainedItem {
  readonly status: string;
  readonly version: number;
  readonly outbox?: Outbox;
  /** Takes the place of `outbox` where something was erased from it: every write with an `outbox` is published. */
  readonly published?: Outbox;
}

/**
 * Access to a service's table for operators' tools, with the client and credentials of the tool. The service exports
 * functions that use it, so that no other code knows its items. Functions use `openTable`.
 *
 * All operations throw the SDK's errors, after the client's own retries.
 */
export function maintainTable<Item extends MaintainedItem>(client: DynamoDBClient, tableName: string) {
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { ...marshallOptions } });
  return {
    /** Reads one item, consistently. */
    async get(key: Key): Promise<Item | undefined> {
      const { Item: item } = await documents.send(
        new GetCommand({ TableName: tableName, Key: { ...key }, ConsistentRead: true }),
      );
      return item as Item | undefined;
    },

    /** All items of a partition, or of the whole table; consistent, except through an index. */
    async *items(
      partition?: readonly [name: string, value: string],
      index?: string,
    ): AsyncGenerator<Item, void> {
      const input = { TableName: tableName, IndexName: index, ConsistentRead: index === undefined };
      const pages =
        partition === undefined
          ? paginateScan({ client: documents }, input)
          : paginateQuery(
              { client: documents },
              {
                ...input,
                KeyConditionExpression: '#partition = :partition',
                ExpressionAttributeNames: { '#partition': partition[0] },
                ExpressionAttributeValues: { ':partition': partition[1] },
              },
            );
      for await (const { Items = [] } of pages) yield* Items as Item[];
    },

    /**
     * Replaces an item without publishing an event.
     *
     * @returns false when the item is no longer what was read: then nothing is written
     */
    async replace(read: Item, { outbox: _, ...item }: Item): Promise<boolean> {
      try {
        await documents.send(
          new PutCommand({
            TableName: tableName,
            Item: item,
            ConditionExpression: '#status = :status AND #version = :version',
            ExpressionAttributeNames: { '#status': 'status', '#version': 'version' },
            ExpressionAttributeValues: { ':status': read.status, ':version': read.version },
          }),
        );
        return true;
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return false;
        throw error;
      }
    },
  };
}

/**
 * The events of an item's last change as the attribute `published`, which no publisher reads: empty where it had none.
 *
 * @param replace the body of each event
 */
export function lastEvents(
  { outbox, published = outbox }: MaintainedItem,
  replace = (body: string): string => body,
): { readonly published?: Outbox } {
  if (published === undefined) return {};
  const events = published.events.map((event) => ({ ...event, body: replace(event.body) }));
  return { published: { ...published, events } };
}
