import type { JsonObject } from '../../protocol/service.ts';
import { TestDynamoDb, withStream } from './dynamodb.ts';

const T = 'things';

const put = (pk: string, more: JsonObject = {}): JsonObject => ({
  Put: { TableName: T, Item: { pk: { S: pk } }, ...more },
});

const absent = {
  ConditionExpression: 'attribute_not_exists(pk)',
  ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
};

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
  it('puts, updates, deletes and checks as one', async () => {
    const db = await start();
    await db.put(T, { pk: { S: 'old' } });
    await db.put(T, { pk: { S: 'checked' }, v: { N: '1' } });
    const answer = await db.call('TransactWriteItems', {
      TransactItems: [
        put('new', absent),
        increment('counter', 3),
        { Delete: { TableName: T, Key: { pk: { S: 'old' } } } },
        {
          ConditionCheck: {
            TableName: T,
            Key: { pk: { S: 'checked' } },
            ConditionExpression: 'v = :v',
            ExpressionAttributeValues: { ':v': { N: '1' } },
          },
        },
      ],
      ReturnConsumedCapacity: 'TOTAL',
    });
    expect(answer).toEqual({
      ConsumedCapacity: [{ TableName: T, CapacityUnits: 8, WriteCapacityUnits: 8 }],
    });
    const { Responses } = await db.call('TransactGetItems', {
      TransactItems: ['new', 'counter', 'old'].map((pk) => ({
        Get: { TableName: T, Key: { pk: { S: pk } } },
      })),
    });
    expect(Responses).toEqual([
      { Item: { pk: { S: 'new' } } },
      { Item: { pk: { S: 'counter' }, n: { N: '3' } } },
      {},
    ]);
  });

  it('writes nothing when one condition fails, and says of each item why', async () => {
    const db = await start();
    await db.put(T, { pk: { S: 'there' }, v: { N: '1' } });
    const error = await db.refused('TransactWriteItems', {
      TransactItems: [
        put('new', absent),
        put('there', absent),
        {
          Update: {
            TableName: T,
            Key: { pk: { S: 'none' } },
            UpdateExpression: 'SET a = b + :n',
            ExpressionAttributeValues: { ':n': { N: '1' } },
          },
        },
      ],
    });
    expect(error.code).toBe('TransactionCanceledException');
    expect(error.message).toBe(
      'Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ValidationError]',
    );
    expect(error.fields).toEqual({
      CancellationReasons: [
        { Code: 'None' },
        {
          Code: 'ConditionalCheckFailed',
          Message: 'The conditional request failed',
          Item: { pk: { S: 'there' }, v: { N: '1' } },
        },
        {
          Code: 'ValidationError',
          Message: 'The provided expression refers to an attribute that does not exist in the item',
        },
      ],
    });
    expect(db.service.describeError(error).body).toMatchObject({
      __type: 'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      message: error.message,
      Message: error.message,
    });
    expect(await db.get(T, { pk: { S: 'new' } })).toBeUndefined();
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
      'with one item twice',
      [put('a'), increment('a', 1)],
      'Transaction request cannot include multiple operations on one item',
    ],
    [
      'with two writes in one',
      [{ ...put('a'), ...increment('b', 1) }],
      'TransactItems can only contain one of Check, Put, Update or Delete',
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

describe('A batch', () => {
  it('writes up to 25 items and reads up to 100, each item once', async () => {
    const db = await start();
    const puts = (count: number) =>
      Array.from({ length: count }, (_, n) => ({ PutRequest: { Item: { pk: { S: `i${n}` } } } }));
    expect(await db.call('BatchWriteItem', { RequestItems: { [T]: puts(25) } })).toEqual({
      UnprocessedItems: {},
    });
    const tooMany = await db.refused('BatchWriteItem', { RequestItems: { [T]: puts(26) } });
    expect(tooMany.message).toBe('Too many items requested for the BatchWriteItem call');
    const keys = ['i1', 'i2', 'none'].map((S) => ({ pk: { S } }));
    const { Responses } = await db.call('BatchGetItem', { RequestItems: { [T]: { Keys: keys } } });
    expect(Responses).toEqual({ [T]: [{ pk: { S: 'i1' } }, { pk: { S: 'i2' } }] });
    const twice = await db.refused('BatchGetItem', {
      RequestItems: { [T]: { Keys: [{ pk: { S: 'a' } }, { pk: { S: 'a' } }] } },
    });
    expect(twice.message).toBe('Provided list of item keys contains duplicates');
  });

  it('leaves unread what does not fit into 16 MB', async () => {
    const db = await start();
    const keys = Array.from({ length: 50 }, (_, n) => ({ pk: { S: `i${n}` } }));
    for (const key of keys) await db.put(T, { ...key, x: { S: 'x'.repeat(380_000) } });
    const answer = await db.call('BatchGetItem', {
      RequestItems: { [T]: { Keys: keys, ConsistentRead: true } },
    });
    const { Responses, UnprocessedKeys } = answer as {
      readonly Responses: Record<string, unknown[]>;
      readonly UnprocessedKeys: Record<
        string,
        { readonly Keys: unknown[]; readonly ConsistentRead: boolean }
      >;
    };
    expect(Responses[T]).toHaveLength(44);
    expect(UnprocessedKeys[T]?.Keys).toEqual(keys.slice(44));
    expect(UnprocessedKeys[T]?.ConsistentRead).toBe(true);
  });
});
