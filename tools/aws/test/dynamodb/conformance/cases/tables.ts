import assert from 'node:assert/strict';
import { invalid, refused } from '../assertions.ts';
import { s } from '../attribute-values.ts';
import { findsNothing, group, refuses } from '../case.ts';
import { indexed, keys, plain, streamed } from '../tables.ts';

const definitions = (...names: readonly string[]) =>
  names.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const }));

const onDemand = { BillingMode: 'PAY_PER_REQUEST' } as const;

export const tables = group('tables', {
  async 'A new table is described by what it was created with'({ db }) {
    const { name, created } = await db.createTable(plain);
    assert.match(created?.TableStatus ?? '', /^(CREATING|ACTIVE)$/);
    assert.equal(created?.TableName, name);
    const table = await db.describe(name);
    assert.equal(table.TableStatus, 'ACTIVE');
    assert.deepEqual(table.KeySchema, plain.KeySchema);
    assert.deepEqual(table.AttributeDefinitions, plain.AttributeDefinitions);
    assert.equal(table.BillingModeSummary?.BillingMode, 'PAY_PER_REQUEST');
    assert.deepEqual([table.ItemCount, table.TableSizeBytes], [0, 0]);
    assert.match(table.TableArn ?? '', new RegExp(`^arn:aws:dynamodb:[a-z0-9-]+:\\d{12}:table/${name}$`));
    assert(table.CreationDateTime instanceof Date);
    assert.deepEqual(
      [table.ProvisionedThroughput?.ReadCapacityUnits, table.ProvisionedThroughput?.WriteCapacityUnits],
      [0, 0],
    );
    assert.equal(table.GlobalSecondaryIndexes, undefined);
    assert.equal(table.LatestStreamArn, undefined);
  },
  async 'A table has an id of its own'({ db, tables: shared }) {
    const [one, two] = await Promise.all([shared.plain, shared.ranged].map((name) => db.describe(name)));
    assert.match(one?.TableId ?? '', /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.notEqual(one?.TableId, two?.TableId);
  },
  async 'The indexes of a table are described with their keys and projections'({ db, tables: shared }) {
    const { GlobalSecondaryIndexes = [], TableArn } = await db.describe(shared.indexed);
    assert.deepEqual(
      GlobalSecondaryIndexes.map(({ IndexName, KeySchema, Projection }) => ({
        IndexName,
        KeySchema,
        Projection,
      })).toSorted((a, b) => (a.IndexName ?? '').localeCompare(b.IndexName ?? '')),
      indexed.GlobalSecondaryIndexes?.toSorted((a, b) =>
        (a.IndexName ?? '').localeCompare(b.IndexName ?? ''),
      ),
    );
    for (const { IndexName, IndexStatus, IndexArn } of GlobalSecondaryIndexes) {
      assert.equal(IndexStatus, 'ACTIVE');
      assert.equal(IndexArn, `${TableArn}/index/${IndexName}`);
    }
  },
  async 'The stream of a table is described with its label'({ db, tables: shared }) {
    const table = await db.describe(shared.streamed);
    assert.deepEqual(table.StreamSpecification, streamed.StreamSpecification);
    assert.match(table.LatestStreamLabel ?? '', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}$/);
    assert.equal(table.LatestStreamArn, `${table.TableArn}/stream/${table.LatestStreamLabel}`);
  },
  async 'A table with provisioned throughput is described with it'({ db }) {
    const { name } = await db.createTable({
      ...plain,
      BillingMode: 'PROVISIONED',
      ProvisionedThroughput: { ReadCapacityUnits: 2, WriteCapacityUnits: 1 },
    });
    const { ProvisionedThroughput } = await db.describe(name);
    assert.deepEqual(
      [ProvisionedThroughput?.ReadCapacityUnits, ProvisionedThroughput?.WriteCapacityUnits],
      [2, 1],
    );
  },
  async 'A table that exists cannot be created again'({ db, tables: shared }) {
    const request = db.dynamodb.createTable({ ...plain, ...onDemand, TableName: shared.plain });
    await refused(request, 'ResourceInUseException', `Table already exists: ${shared.plain}`);
  },
  async 'A table that does not exist cannot be described'({ db }) {
    const name = db.newName('missing');
    await refused(
      db.describe(name),
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${name} not found`,
    );
  },
  async 'A table that does not exist cannot be deleted'({ db }) {
    const TableName = db.newName('missing');
    await refused(
      db.dynamodb.deleteTable({ TableName }),
      'ResourceNotFoundException',
      `Requested resource not found: Table: ${TableName} not found`,
    );
  },
  async 'A table that does not exist cannot be changed'({ db }) {
    const TableName = db.newName('missing');
    await refused(
      db.dynamodb.updateTable({ TableName, StreamSpecification: streamed.StreamSpecification }),
      'ResourceNotFoundException',
    );
  },
  async 'A deleted table is gone with its items, and its name is free'({ db, id }) {
    const { name } = await db.createTable(plain);
    await db.put(name, { pk: s(id) });
    await db.dropTable(name);
    await refused(db.get(name, { pk: s(id) }), 'ResourceNotFoundException');
    await db.requestTable({ ...plain, ...onDemand, TableName: name });
    await db.untilActive(name);
    assert.equal(await db.get(name, { pk: s(id) }), undefined);
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/WorkingWithTables.Basics.html#WorkingWithTables.Basics.DeletionProtection
  async 'A table that is protected cannot be deleted until it no longer is'({ db }) {
    const { name } = await db.createTable({ ...plain, DeletionProtectionEnabled: true });
    try {
      assert.equal((await db.describe(name)).DeletionProtectionEnabled, true);
      await invalid(db.dynamodb.deleteTable({ TableName: name }), /protected against deletion/);
    } finally {
      await db.updateTable(name, { DeletionProtectionEnabled: false });
    }
    await db.dropTable(name);
  },
  async 'ListTables pages through all names in order'({ db, tables: shared }) {
    const names: string[] = [];
    let ExclusiveStartTableName: string | undefined;
    do {
      const page = await db.dynamodb.listTables({ Limit: 2, ExclusiveStartTableName });
      assert((page.TableNames?.length ?? 0) <= 2, 'A page has more names than its limit.');
      names.push(...(page.TableNames ?? []));
      ExclusiveStartTableName = page.LastEvaluatedTableName;
    } while (ExclusiveStartTableName !== undefined);
    for (const name of Object.values(shared)) assert(names.includes(name), `${name} is not listed.`);
    assert.deepEqual(names, names.toSorted());
    assert.equal(new Set(names).size, names.length);
  },
  async 'ListTables with Limit 0 or 101 is refused'({ db }) {
    await invalid(db.dynamodb.listTables({ Limit: 0 }));
    await invalid(db.dynamodb.listTables({ Limit: 101 }));
  },
  'A stream that is on cannot be turned on again': refuses(
    ({ db, tables: shared }) =>
      db.updateTable(shared.streamed, { StreamSpecification: streamed.StreamSpecification }),
    /^Table already has an enabled stream/,
  ),
  'A stream that is off cannot be turned off': refuses(({ db, tables: shared }) =>
    db.updateTable(shared.plain, { StreamSpecification: { StreamEnabled: false } }),
  ),
  'A stream without a view type is refused': refuses(({ db }) =>
    db.createTable({ ...plain, StreamSpecification: { StreamEnabled: true } }),
  ),
  'A table without a definition of its key is refused': refuses(({ db }) =>
    db.createTable({ KeySchema: keys('pk'), AttributeDefinitions: definitions('other') }),
  ),
  'A definition of an attribute that is no key is refused': refuses(
    ({ db }) => db.createTable({ KeySchema: keys('pk'), AttributeDefinitions: definitions('pk', 'other') }),
    'One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions',
  ),
  'A key whose first attribute is a sort key is refused': refuses(
    ({ db }) =>
      db.createTable({
        KeySchema: [{ AttributeName: 'pk', KeyType: 'RANGE' }],
        AttributeDefinitions: definitions('pk'),
      }),
    'Invalid KeySchema: The first KeySchemaElement is not a HASH key type',
  ),
  async 'Two indexes of one name are refused'({ db }) {
    const index = {
      IndexName: 'twice',
      KeySchema: keys('pk'),
      Projection: { ProjectionType: 'ALL' as const },
    };
    await invalid(
      db.createTable({ ...plain, GlobalSecondaryIndexes: [index, index] }),
      'One or more parameter values were invalid: Duplicate index name: twice',
    );
  },
  'A local index needs a table with a sort key': refuses(
    ({ db }) =>
      db.createTable({
        KeySchema: keys('pk'),
        AttributeDefinitions: definitions('pk', 'lsk'),
        LocalSecondaryIndexes: [
          { IndexName: 'local', KeySchema: keys('pk', 'lsk'), Projection: { ProjectionType: 'ALL' } },
        ],
      }),
    /^One or more parameter values were invalid: Table KeySchema does not have a range key/,
  ),
  async 'An INCLUDE projection needs attributes, and the others take none'({ db }) {
    const index = (Projection: { ProjectionType: 'INCLUDE' | 'ALL'; NonKeyAttributes?: string[] }) => ({
      ...plain,
      GlobalSecondaryIndexes: [{ IndexName: 'index', KeySchema: keys('pk'), Projection }],
    });
    await invalid(
      db.createTable(index({ ProjectionType: 'INCLUDE' })),
      'One or more parameter values were invalid: ProjectionType is INCLUDE, but NonKeyAttributes is not specified',
    );
    await invalid(
      db.createTable(index({ ProjectionType: 'ALL', NonKeyAttributes: ['a'] })),
      'One or more parameter values were invalid: ProjectionType is ALL, but NonKeyAttributes is specified',
    );
  },
  async 'A table name that is too short or has other characters is refused'({ db }) {
    await invalid(db.requestTable({ ...plain, ...onDemand, TableName: 'ab' }));
    await invalid(db.requestTable({ ...plain, ...onDemand, TableName: 'no spaces' }));
    await invalid(db.requestTable({ ...plain, ...onDemand, TableName: 'x'.repeat(256) }));
  },
  'An on-demand table with provisioned throughput is refused': refuses(
    ({ db }) =>
      db.createTable({
        ...plain,
        ...onDemand,
        ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 },
      }),
    'One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST',
  ),
  'A change that changes nothing is refused': refuses(({ db, tables: shared }) =>
    db.updateTable(shared.plain, {}),
  ),
  'An index that does not exist cannot be removed': findsNothing(({ db, tables: shared }) =>
    db.updateTable(shared.indexed, {
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'nowhere' } }],
    }),
  ),
});
