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
  it('consumes two units for each item, also for one that it only checks', async () => {
    const db = await start();
    await db.put(T, { pk: { S: 'checked' } });
    const key = (pk: string) => ({ TableName: T, Key: { pk: { S: pk } } });
    const { ConsumedCapacity } = await db.call('TransactWriteItems', {
      TransactItems: [
        put('new'),
        increment('counter', 3),
        { Delete: key('old') },
        { ConditionCheck: { ...key('checked'), ConditionExpression: 'attribute_exists(pk)' } },
      ],
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(ConsumedCapacity).toEqual([{ TableName: T, CapacityUnits: 8, WriteCapacityUnits: 8 }]);
  });

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

  it.each<[string, readonly JsonObject[], string]>([
    [
      'without items',
      [],
      "1 validation error detected: Value '[]' at 'transactItems' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'with 101 items',
      Array.from({ length: 101 }, (_, n) => put(`i${n}`)),
      "1 validation error detected: Value '[...]' at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to 100",
    ],
    [
      'with more than 4 MB',
      Array.from({ length: 11 }, (_, n) => ({
        Put: { TableName: T, Item: { pk: { S: String(n).padStart(2, '0') }, x: { S: 'x'.repeat(399_995) } } },
      })),
      'Transaction payload size cannot exceed 4MB. Payload Size: 4400000',
    ],
  ])('is refused %s', async (_, items, message) => {
    const db = await start();
    const error = await db.refused('TransactWriteItems', { TransactItems: items });
    expect(error.code).toBe('ValidationException');
    expect(error.message).toBe(message);
  });
});
