import { randomUUID } from 'node:crypto';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { openTable, queryPage, transact } from '../src/aws/table.ts';
import { type TableDefinition, tableContract } from './table-contract.ts';

const client = new DynamoDBClient({});
afterAll(() => client.destroy());

async function createTable({ sortKey, indexes }: TableDefinition): Promise<string> {
  const TableName = `test-table-${randomUUID()}`;
  const keys = sortKey ? (['pk', 'sk'] as const) : (['pk'] as const);
  const schemaOf = (names: readonly string[]) =>
    names.map((AttributeName, index) => ({
      AttributeName,
      KeyType: index === 0 ? ('HASH' as const) : ('RANGE' as const),
    }));
  const names = [...keys, ...indexes.flatMap(({ partition, sort }) => [partition, sort])];
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      KeySchema: schemaOf(keys),
      ...(indexes.length > 0 && {
        GlobalSecondaryIndexes: indexes.map(({ name, partition, sort }) => ({
          IndexName: name,
          KeySchema: schemaOf([partition, sort]),
          Projection: { ProjectionType: 'ALL' as const },
        })),
      }),
    }),
  );
  return TableName;
}

tableContract('DynamoDB', async () => ({ openTable, transact, queryPage, createTable }));
