import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';

const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));

/** A table with the keys that the services' tables have, and these items in it. */
export async function createTable(
  name: string,
  items: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  const keys = /-(notifications|webhooks)$/.test(name) ? ['pk', 'sk'] : ['pk'];
  const indexKeys = name.endsWith('-orders') ? ['customerId', 'placedAt'] : [];
  await documents.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [...keys, ...indexKeys].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
      KeySchema: keySchema(keys),
      ...(indexKeys.length > 0 && {
        GlobalSecondaryIndexes: [
          {
            IndexName: 'by-customer',
            KeySchema: keySchema(indexKeys),
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        ],
      }),
    }),
  );
  await putItems(name, items);
}

/** Writes items, whatever was there. */
export async function putItems(
  name: string,
  items: readonly Readonly<Record<string, unknown>>[],
): Promise<void> {
  // DynamoDB takes 25 items a request (BatchWriteItem in its API reference).
  for (let from = 0; from < items.length; from += 25) {
    const puts = items.slice(from, from + 25).map((Item) => ({ PutRequest: { Item: { ...Item } } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [name]: puts } }));
  }
}

/** All items of a table. */
export async function itemsOf(name: string): Promise<readonly Record<string, unknown>[]> {
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: name, ConsistentRead: true }));
  return Items;
}

const keySchema = (names: readonly string[]) =>
  names.map((AttributeName, index) => ({
    AttributeName,
    KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
  }));
