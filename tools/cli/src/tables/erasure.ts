import { ConditionalCheckFailedException, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as v from 'valibot';
import type { Item } from './stage-table.ts';

/** The events of an item's last change, as far as they are read here. */
export const outboxSchema = v.looseObject({ events: v.array(v.looseObject({ body: v.string() })) });
export type StoredOutbox = v.InferOutput<typeof outboxSchema>;

/**
 * An item with the events of its last change, if it tells any, as `outbox`. Where something was erased from them they
 * are stored as `published`, which no publisher reads: any write that has an `outbox` is published.
 */
export const withLastEvents = (item: Item): Item =>
  item.published === undefined ? item : { outbox: item.published, ...item };

export interface Erasure {
  readonly table: string;
  readonly key: Readonly<Record<string, string>>;
  /** What the item must still be; the version stays. */
  readonly from: { readonly status: string; readonly version: number };
  /** Attributes with their new values. */
  readonly set: Readonly<Record<string, unknown>>;
  /** Attributes that go. */
  readonly remove?: readonly string[];
  /** The events of the last change, erased. */
  readonly published: StoredOutbox | undefined;
}

/**
 * Rewrites some attributes of an item, and publishes nothing.
 *
 * @returns false when the item is not what it was: then nothing is written
 */
export async function writeErasure(client: DynamoDBClient, erasure: Erasure): Promise<boolean> {
  const { table, key, from, set, remove = [], published } = erasure;
  const removed = Object.fromEntries(remove.map((name, index) => [`#r${index}`, name]));
  const changed = Object.entries({ ...set, ...(published !== undefined && { published }) });
  const names = Object.fromEntries(changed.map(([name], index) => [`#a${index}`, name]));
  const values = Object.fromEntries(changed.map(([, value], index) => [`:a${index}`, value]));
  try {
    await DynamoDBDocumentClient.from(client).send(
      new UpdateCommand({
        TableName: table,
        Key: { ...key },
        UpdateExpression: `SET ${changed.map((_, index) => `#a${index} = :a${index}`).join(', ')} REMOVE ${['outbox', ...Object.keys(removed)].join(', ')}`,
        ConditionExpression: '#status = :status AND #version = :version',
        ExpressionAttributeNames: { ...names, ...removed, '#status': 'status', '#version': 'version' },
        ExpressionAttributeValues: { ...values, ':status': from.status, ':version': from.version },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
