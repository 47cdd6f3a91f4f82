import type { JsonObject } from '../../protocol/service.ts';
import { compositeKey, TestDynamoDb } from './dynamodb.ts';

const T = 'things';

const index = (IndexName: string, attribute: string): JsonObject => ({
  IndexName,
  KeySchema: [{ AttributeName: attribute, KeyType: 'HASH' }],
  Projection: { ProjectionType: 'KEYS_ONLY' },
});

const text = (AttributeName: string): JsonObject => ({ AttributeName, AttributeType: 'S' });

describe('A table', () => {
  it('is created, described, listed and deleted', async () => {
    const db = new TestDynamoDb();
    const { TableDescription } = await db.createTable(T);
    expect(TableDescription).toMatchObject({
      TableName: T,
      TableStatus: 'ACTIVE',
      TableArn: `arn:aws:dynamodb:eu-central-1:000000000000:table/${T}`,
      ItemCount: 0,
      DeletionProtectionEnabled: false,
    });
    expect(
      (await db.refused('CreateTable', { TableName: T, ...compositeKey(), BillingMode: 'PAY_PER_REQUEST' }))
        .code,
    ).toBe('ResourceInUseException');
    await db.put(T, { pk: { S: 'a' } });
    expect((await db.call('DescribeTable', { TableName: T })).Table).toMatchObject({
      ItemCount: 1,
      TableSizeBytes: 3,
    });
    for (const name of ['other', 'another']) await db.createTable(name);
    expect(await db.call('ListTables', { Limit: 2 })).toEqual({
      TableNames: ['another', 'other'],
      LastEvaluatedTableName: 'other',
    });
    expect(await db.call('ListTables', { ExclusiveStartTableName: 'other' })).toEqual({ TableNames: [T] });
    await db.call('DeleteTable', { TableName: T });
    const gone = await db.refused('DescribeTable', { TableName: T });
    expect(gone.message).toBe(`Requested resource not found: Table: ${T} not found`);
  });

  it('is not deleted while it is protected', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T, { DeletionProtectionEnabled: true });
    const error = await db.refused('DeleteTable', { TableName: T });
    expect(error.message).toContain('protected against deletion');
    await db.call('UpdateTable', { TableName: T, DeletionProtectionEnabled: false });
    await db.call('DeleteTable', { TableName: T });
  });

  it('gets an index with all items that are there, and loses it again', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T);
    await db.put(T, { pk: { S: 'a' }, kind: { S: 'x' } });
    await db.put(T, { pk: { S: 'b' } });
    await db.call('UpdateTable', {
      TableName: T,
      AttributeDefinitions: [text('pk'), text('kind')],
      GlobalSecondaryIndexUpdates: [{ Create: index('by-kind', 'kind') }],
    });
    expect((await db.call('Scan', { TableName: T, IndexName: 'by-kind' })).Items).toEqual([
      { pk: { S: 'a' }, kind: { S: 'x' } },
    ]);
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

  it('turns time to live on and off once', async () => {
    const db = new TestDynamoDb();
    await db.createTable(T);
    const change = (Enabled: boolean) =>
      ({ TableName: T, TimeToLiveSpecification: { AttributeName: 'until', Enabled } }) as const;
    expect((await db.refused('UpdateTimeToLive', change(false))).message).toBe(
      'TimeToLive is already disabled',
    );
    await db.call('UpdateTimeToLive', change(true));
    expect(await db.call('DescribeTimeToLive', { TableName: T })).toEqual({
      TimeToLiveDescription: { TimeToLiveStatus: 'ENABLED', AttributeName: 'until' },
    });
    expect((await db.refused('UpdateTimeToLive', change(true))).message).toBe(
      'TimeToLive is already enabled',
    );
  });

  it.each<[string, JsonObject, string]>([
    [
      'with a short name',
      { TableName: 'ab' },
      "Value 'ab' at 'tableName' failed to satisfy constraint: Member must have length greater than or equal to 3",
    ],
    [
      'with an attribute that no key has',
      { AttributeDefinitions: [text('pk'), text('other')] },
      'Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
    ],
    [
      'without the attribute of its key',
      { AttributeDefinitions: [text('other')] },
      'Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], AttributeDefinitions: [other]',
    ],
    [
      'with throughput and billed by request',
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      'Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
    ],
    [
      'with 21 global indexes',
      { GlobalSecondaryIndexes: Array.from({ length: 21 }, (_, n) => index(`index-${n}`, 'pk')) },
      'GlobalSecondaryIndex count exceeds the per-table limit of 20',
    ],
    [
      'with what is not implemented',
      { SSESpecification: { Enabled: true } },
      'The parameter SSESpecification of CreateTable is not implemented by this DynamoDB',
    ],
  ])('is not created %s', async (_, more, message) => {
    const error = await new TestDynamoDb().refused('CreateTable', {
      TableName: T,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [text('pk')],
      ...more,
    });
    expect(error.code).toBe('ValidationException');
    expect(error.message).toContain(message);
  });
});
