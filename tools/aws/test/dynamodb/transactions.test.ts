import type { JsonObject } from '../../protocol/service.ts';
import { TestDynamoDb, withStream } from './dynamodb.ts';

const T = 'things';

const put = (pk: string, more: JsonObject = {}): JsonObject => ({
  Put: { TableName: T, Item: { pk: { S: pk } }, ...more },
});

const increment = (pk: string, by: number): JsonObject => ({
  Update: {
    TableName: T,
    Key: { pk: { S: pk } },
    UpdateExpression: 'ADD n :n',
    ExpressionAttributeValues: { ':n': { N: String(by) } },
  },
});

const start = async (): Promise<TestDynamoDb> => {
  const db = new TestDynamoDb();
  await db.createTable(T, withStream());
  return db;
};

describe('A transaction', () => {
  it('gives the message of its cancellation in both of the members that SDKs read', async () => {
    const db = await start();
    const guard = { ConditionExpression: 'attribute_exists(pk)' };
    const error = await db.refused('TransactWriteItems', { TransactItems: [put('a', guard)] });
    expect(db.service.describeError(error).body).toMatchObject({
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      message: error.message,
      Message: error.message,
    });
  });

  it('happens once for a token within ten minutes, by the clock', async () => {
    const db = await start();
    const add = (by: number) =>
      ({ TransactItems: [increment('counter', by)], ClientRequestToken: 'token' }) as const;
    const count = async () => db.get(T, { pk: { S: 'counter' } });
    await db.call('TransactWriteItems', add(1));
    await db.clock.pass(599_999);
    await db.call('TransactWriteItems', add(1));
    expect(await count()).toMatchObject({ n: { N: '1' } });
    expect((await db.refused('TransactWriteItems', add(2))).code).toBe(
      'IdempotentParameterMismatchException',
    );
    await db.clock.pass(1);
    await db.call('TransactWriteItems', add(1));
    expect(await count()).toMatchObject({ n: { N: '2' } });
  });
});
