import { TestDynamoDb } from './dynamodb.ts';

const T = 'things';
const key = { pk: { S: 'a' } };

const indexed = {
  GlobalSecondaryIndexes: [
    {
      IndexName: 'by-kind',
      KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'ALL' },
    },
  ],
  AttributeDefinitions: ['pk', 'kind'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
};

const start = async (): Promise<TestDynamoDb> => {
  const db = new TestDynamoDb();
  await db.createTable(T, indexed);
  return db;
};

describe('A fault on demand', () => {
  it('cancels the next transaction for one of its items, and writes nothing', async () => {
    const db = await start();
    db.service.faults.transactionConflicts.next();
    const request = {
      TransactItems: ['a', 'b'].map((S) => ({ Put: { TableName: T, Item: { pk: { S } } } })),
    };
    const error = await db.refused('TransactWriteItems', request);
    const codes = (error.fields.CancellationReasons as readonly { readonly Code: string }[]).map(
      ({ Code }) => Code,
    );
    expect(codes.sort()).toEqual(['None', 'TransactionConflict']);
    expect(await db.get(T, key)).toBeUndefined();
    await db.call('TransactWriteItems', request);
    expect(await db.get(T, key)).toEqual(key);
  });

  it('lets single writes meet a transaction', async () => {
    const db = await start();
    db.service.faults.transactionConflicts.probability = 1;
    const error = await db.refused('PutItem', { TableName: T, Item: key });
    expect(error.code).toBe('TransactionConflictException');
  });

  it('lets global indexes lag behind, in the order of the writes', async () => {
    const db = await start();
    const { indexLag } = db.service.faults;
    indexLag.ms = 500;
    const count = async (): Promise<unknown> =>
      (
        await db.call('Query', {
          TableName: T,
          IndexName: 'by-kind',
          KeyConditionExpression: 'kind = :k',
          ExpressionAttributeValues: { ':k': { S: 'x' } },
        })
      ).Count;
    indexLag.next();
    await db.put(T, { ...key, kind: { S: 'x' } });
    expect(await count()).toBe(0);
    await db.put(T, { pk: { S: 'b' }, kind: { S: 'x' } });
    expect(await count()).toBe(0);
    await db.clock.pass(500);
    expect(await count()).toBe(2);
  });

  it('lets reads that are not consistent see what was there before, for a while', async () => {
    const db = await start();
    const { staleReads } = db.service.faults;
    staleReads.probability = 1;
    await db.put(T, { ...key, v: { N: '1' } });
    await db.clock.pass(2_000);
    await db.put(T, { ...key, v: { N: '2' } });
    const read = async (): Promise<unknown> => (await db.call('GetItem', { TableName: T, Key: key })).Item;
    expect(await read()).toMatchObject({ v: { N: '1' } });
    expect(await db.get(T, key)).toMatchObject({ v: { N: '2' } });
    await db.clock.pass(1_000);
    expect(await read()).toMatchObject({ v: { N: '2' } });
  });

  it('throttles requests, and leaves parts of batches undone', async () => {
    const db = await start();
    const { throttles } = db.service.faults;
    throttles.next();
    const error = await db.refused('PutItem', { TableName: T, Item: key });
    expect(error.code).toBe('ProvisionedThroughputExceededException');
    throttles.next();
    const put = { PutRequest: { Item: key } };
    const other = { PutRequest: { Item: { pk: { S: 'b' } } } };
    expect(await db.call('BatchWriteItem', { RequestItems: { [T]: [put, other] } })).toEqual({
      UnprocessedItems: { [T]: [put] },
    });
  });
});
