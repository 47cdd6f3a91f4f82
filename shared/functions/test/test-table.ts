import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DynamoDBClient,
  type GlobalSecondaryIndex,
} from '@aws-sdk/client-dynamodb';

/**
 * A table with the key `pk` for the tests of a file.
 *
 * @param index over texts
 * @returns its name
 */
export function testTable(index?: GlobalSecondaryIndex): string {
  const TableName = `test-table-${randomUUID()}`;
  const client = new DynamoDBClient({});
  const names = ['pk', ...(index?.KeySchema ?? []).map(({ AttributeName }) => AttributeName)];
  beforeAll(async () => {
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        ...(index && { GlobalSecondaryIndexes: [index] }),
      }),
    );
  });
  afterAll(async () => {
    await client.send(new DeleteTableCommand({ TableName }));
    client.destroy();
  });
  return TableName;
}
