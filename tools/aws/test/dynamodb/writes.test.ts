import { compositeKey, TestDynamoDb } from './dynamodb.ts';

const T = 'things';

describe('A write of one item', () => {
  const db = new TestDynamoDb();
  beforeAll(() => db.createTable(T));

  it.each(['Expected', 'ConditionalOperator', 'Nonsense'])(
    'refuses the parameter %s by name',
    async (name) => {
      const error = await db.refused('PutItem', { TableName: T, Item: { pk: { S: 'a' } }, [name]: {} });
      expect(error.code).toBe('ValidationException');
      expect(error.message).toContain(`The parameter ${name} of PutItem`);
    },
  );

  it('answers with the capacity that it consumed, by index', async () => {
    await db.createTable('counted', {
      ...compositeKey(),
      LocalSecondaryIndexes: [
        {
          IndexName: 'by-date',
          KeySchema: [
            { AttributeName: 'pk', KeyType: 'HASH' },
            { AttributeName: 'date', KeyType: 'RANGE' },
          ],
          Projection: { ProjectionType: 'KEYS_ONLY' },
        },
      ],
      AttributeDefinitions: ['pk', 'sk', 'date'].map((AttributeName) => ({
        AttributeName,
        AttributeType: 'S',
      })),
    });
    const item = { pk: { S: 'a' }, sk: { S: 'b' }, date: { S: 'c' }, text: { S: 't'.repeat(2000) } };
    const answer = await db.put('counted', item, {
      ReturnConsumedCapacity: 'INDEXES',
      ReturnItemCollectionMetrics: 'SIZE',
    });
    expect(answer).toEqual({
      ConsumedCapacity: {
        TableName: 'counted',
        CapacityUnits: 3,
        Table: { CapacityUnits: 2 },
        LocalSecondaryIndexes: { 'by-date': { CapacityUnits: 1 } },
      },
      ItemCollectionMetrics: { ItemCollectionKey: { pk: { S: 'a' } }, SizeEstimateRangeGB: [0, 1] },
    });
  });
});
