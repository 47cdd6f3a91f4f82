import { randomUUID } from 'node:crypto';
import {
  CreateTableCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';

const dataProtection = require('../plugin/data-protection.cjs');

const client = new DynamoDBClient({});

/** A service whose stack stands, with its table. */
async function deployed(data: { deletionPolicy: string; deletionProtection: boolean }) {
  const TableName = `t${randomUUID()}-orders`;
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    }),
  );
  const said: string[] = [];
  const serverless = {
    service: { custom: { settings: { data } }, provider: { environment: { TABLE_NAME: TableName } } },
    getProvider: () => ({ getAwsSdkV3Config: async () => ({}) }),
  };
  const hooks = dataProtection(serverless, { notice: (text: string) => said.push(text) });
  return { TableName, said, afterDeploy: hooks['after:deploy:deploy'] as () => Promise<void> };
}

const isProtected = async (TableName: string) => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  return Table?.DeletionProtectionEnabled;
};

it('a table of prod is protected once its stack stands, and stays so', async () => {
  const { TableName, said, afterDeploy } = await deployed({
    deletionPolicy: 'Retain',
    deletionProtection: true,
  });

  await afterDeploy();
  await afterDeploy();

  expect(await isProtected(TableName)).toBe(true);
  await expect(client.send(new DeleteTableCommand({ TableName }))).rejects.toThrow(/protect/i);
  expect(said).toEqual([`The table ${TableName} is protected from deletion`]);
});

it('a table of another stage is not protected', async () => {
  const { TableName, afterDeploy } = await deployed({ deletionPolicy: 'Delete', deletionProtection: false });

  await afterDeploy();

  expect(await isProtected(TableName)).toBe(false);
});
