import type { JsonObject } from '../../protocol/service.ts';
import { TestDynamoDb } from './dynamodb.ts';

const T = 'things';

const index = (IndexName: string, attribute: string): JsonObject => ({
  IndexName,
  KeySchema: [{ AttributeName: attribute, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'KEYS_ONLY' },
});

const text = (AttributeName: string): JsonObject => ({ AttributeName, AttributeType: 'S' });

describe('A table', () => {
  it('counts its items and their bytes', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T);
    await db.put(T, { pk: { S: 'a' } });
    expect((await db.call('DescribeTable', { TableName: T })).Table).toMatchObject({
      ItemCount: 1,
      TableSizeBytes: 3,
    });
  });

  it('drops the definition of an attribute with the last index on it', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, {
      AttributeDefinitions: [text('pk'), text('kind')],
      GlobalSecondaryIndexes: [index('by-kind', 'kind')],
    });
    const { TableDescription } = await db.call('UpdateTable', {
      TableName: T,
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-kind' } }],
    });
    expect(TableDescription).toMatchObject({ AttributeDefinitions: [text('pk')] });
    expect(TableDescription).not.toHaveProperty('GlobalSecondaryIndexes');
  });

  it('keeps its tags', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, { Tags: [{ Key: 'team', Value: 'orders' }] });
    const ResourceArn = `arn:aws:dynamodb:eu-central-1:000000000000:table/${T}`;
    await db.call('TagResource', { ResourceArn, Tags: [{ Key: 'stage', Value: 'dev' }] });
    await db.call('UntagResource', { ResourceArn, TagKeys: ['team'] });
    expect(await db.call('ListTagsOfResource', { ResourceArn })).toEqual({
      Tags: [{ Key: 'stage', Value: 'dev' }],
    });
  });

  it('has up to 20 global indexes', async () => {
    const { message } = await new TestDynamoDb().refused('CreateTable', {
      TableName: T,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [text('pk')],
      GlobalSecondaryIndexes: Array.from({ length: 21 }, (_, n) => index(`index-${n}`, 'pk')),
    });
    expect(message).toContain('GlobalSecondaryIndex count exceeds the per-table limit of 20');
  });
});
