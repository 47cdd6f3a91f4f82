import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { OrderId } from '@orderly/contracts';
import type { Entry, Posting } from './points.ts';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const TableName = process.env.TABLE_NAME;

const orderKey = (orderId: OrderId) => ({ pk: `ORDER#${orderId}` });

/** The order's entry, read consistently. */
export async function findEntry(orderId: OrderId): Promise<Entry | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName, Key: orderKey(orderId), ConsistentRead: true }),
  );
  // Only `write` creates items with such a key.
  return Item as Entry | undefined;
}

/**
 * Writes an order's entry and its customer's balance, both or neither.
 *
 * @param current the entry that the posting was decided on
 * @throws TransactionCanceledException when the entry has changed since, or another order of the same customer is being
 * written; the event is redelivered and decided again
 */
export async function write({ entry, change }: Posting, current: Entry | undefined): Promise<void> {
  const unchanged =
    current === undefined
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : {
          ConditionExpression: '#sequence = :current',
          ExpressionAttributeNames: { '#sequence': 'sequence' },
          ExpressionAttributeValues: { ':current': current.sequence },
        };
  const balance = {
    TableName,
    Key: { pk: `CUSTOMER#${entry.customerId}` },
    UpdateExpression: 'ADD points :change',
    ExpressionAttributeValues: { ':change': change },
  };
  await documents.send(
    new TransactWriteCommand({
      TransactItems: [
        { Put: { TableName, Item: { ...orderKey(entry.orderId), ...entry }, ...unchanged } },
        ...(change === 0 ? [] : [{ Update: balance }]),
      ],
    }),
  );
}
