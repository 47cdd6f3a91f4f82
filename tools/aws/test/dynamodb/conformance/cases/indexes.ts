import assert from 'node:assert/strict';
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { invalid } from '../assertions.ts';
import { given, type Item, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';
import { keys, plain } from '../tables.ts';
import { pagesOf, scalarOf } from '../test-database.ts';

/** An order of the customer that is this case's own. */
const order = (id: string, name: string, more: Item = {}): Item => ({
  pk: s(`${id}-${name}`),
  customer: s(id),
  placedAt: s(`2026-01-0${name}`),
  status: s('PLACED'),
  amount: n(10),
  secret: s('x'),
  ...more,
});

const byCustomer = ({ db, tables, id }: CaseContext, more: Partial<QueryCommandInput> = {}) =>
  db.query(tables.indexed, 'customer = :customer', {
    IndexName: 'by-customer',
    ...more,
    ExpressionAttributeValues: { ':customer': s(id), ...more.ExpressionAttributeValues },
  });

const open = async ({ db, tables, id }: CaseContext): Promise<readonly Item[]> => {
  const { Items = [] } = await db.query(tables.indexed, '#open = :open', {
    IndexName: 'open',
    ExpressionAttributeNames: { '#open': 'open' },
    ExpressionAttributeValues: { ':open': s(id) },
  });
  return Items;
};

const names = (items: readonly Item[] = []): string =>
  items.map((item) => scalarOf(item, 'pk')?.split('-').at(-1)).join('');

const fill = async (context: CaseContext, all: string): Promise<void> => {
  const { db, tables, id } = context;
  for (const name of all) await db.put(tables.indexed, order(id, name));
  await db.eventually(async () => assert.equal((await byCustomer(context)).Count, all.length));
};

export const indexes = group('indexes', {
  async 'An index is in order of its own sort key'(context) {
    await fill(context, '31425');
    assert.equal(names((await byCustomer(context)).Items), '12345');
    assert.equal(names((await byCustomer(context, { ScanIndexForward: false })).Items), '54321');
  },
  async 'An index that includes attributes gives those, its keys and the keys of the table'(context) {
    await fill(context, '1');
    const { secret, ...visible } = order(context.id, '1');
    assert.deepEqual((await byCustomer(context)).Items, [visible]);
  },
  async 'An index of keys only gives nothing else'(context) {
    const { db, tables, id } = context;
    await db.put(tables.indexed, order(id, '1', { open: s(id) }));
    const expected = [{ pk: s(`${id}-1`), open: s(id), placedAt: s('2026-01-01') }];
    await db.eventually(async () => assert.deepEqual(await open(context), expected));
  },
  async 'An index of all attributes gives the whole item'({ db, tables, id }) {
    const item = order(id, '1', { rank: n(1) });
    await db.put(tables.indexed, item);
    await db.eventually(async () => {
      const { Items } = await db.query(tables.indexed, 'customer = :c', {
        IndexName: 'by-rank',
        ExpressionAttributeValues: { ':c': s(id) },
      });
      assert.deepEqual(Items, [item]);
    });
  },
  async 'An item without the key of an index is not in it'(context) {
    const { db, tables, id } = context;
    await db.put(tables.indexed, order(id, '1', { open: s(id) }));
    await db.put(tables.indexed, order(id, '2'));
    await db.put(tables.indexed, { pk: s(`${id}-3`), open: s(id) });
    await db.eventually(async () => assert.equal((await byCustomer(context)).Count, 2));
    await db.eventually(async () => assert.equal(names(await open(context)), '1'));
  },
  async 'An item leaves an index when it loses the key of the index'(context) {
    const { db, tables, id } = context;
    for (const name of '12') await db.put(tables.indexed, order(id, name, { open: s(id) }));
    await db.eventually(async () => assert.equal(names(await open(context)), '12'));
    await db.put(tables.indexed, order(id, '1'));
    await db.update(tables.indexed, { pk: s(`${id}-2`) }, 'REMOVE #open', {
      ExpressionAttributeNames: { '#open': 'open' },
    });
    await db.eventually(async () => assert.equal(names(await open(context)), ''));
  },
  async 'An item moves in an index when its key there changes'(context) {
    const { db, tables, id } = context;
    await fill(context, '12');
    await db.update(
      tables.indexed,
      { pk: s(`${id}-1`) },
      'SET placedAt = :later',
      given({ ':later': s('2026-01-09') }),
    );
    await db.eventually(async () => assert.equal(names((await byCustomer(context)).Items), '21'));
  },
  async 'An item leaves its indexes when it is deleted'(context) {
    const { db, tables, id } = context;
    await fill(context, '12');
    await db.delete(tables.indexed, { pk: s(`${id}-1`) });
    await db.eventually(async () => assert.equal(names((await byCustomer(context)).Items), '2'));
  },
  async 'A transaction writes the indexes, too'(context) {
    const { db, tables, id } = context;
    await db.transact([
      { Put: { TableName: tables.indexed, Item: order(id, '1') } },
      { Put: { TableName: tables.indexed, Item: order(id, '2') } },
    ]);
    await db.eventually(async () => assert.equal(names((await byCustomer(context)).Items), '12'));
  },
  async 'A key of an index pages it: with its keys and those of the table'(context) {
    await fill(context, '12345');
    const first = await byCustomer(context, { Limit: 2, ScanIndexForward: false });
    assert.equal(names(first.Items), '54');
    assert.deepEqual(first.LastEvaluatedKey, {
      pk: s(`${context.id}-4`),
      customer: s(context.id),
      placedAt: s('2026-01-04'),
    });
    const second = await byCustomer(context, {
      Limit: 3,
      ScanIndexForward: false,
      ExclusiveStartKey: first.LastEvaluatedKey,
    });
    assert.equal(names(second.Items), '321');
  },
  async 'Items with equal keys in an index are each on one page only'(context) {
    const { db, tables, id } = context;
    const same = { placedAt: s('2026-02-01') };
    for (const name of '1234567') await db.put(tables.indexed, order(id, name, same));
    await db.eventually(async () => assert.equal((await byCustomer(context)).Count, 7));
    for (const ScanIndexForward of [true, false]) {
      const pages = await pagesOf((ExclusiveStartKey) =>
        byCustomer(context, { Limit: 2, ScanIndexForward, ExclusiveStartKey }),
      );
      assert.deepEqual([...names(pages.flat())].toSorted(), [...'1234567']);
    }
  },
  async 'ExclusiveStartKey of an index may be that of an item that has gone'(context) {
    const { db, tables, id } = context;
    await fill(context, '123');
    const { LastEvaluatedKey } = await byCustomer(context, { Limit: 2 });
    await db.delete(tables.indexed, { pk: s(`${id}-2`) });
    await db.eventually(async () => {
      const { Items } = await byCustomer(context, { ExclusiveStartKey: LastEvaluatedKey });
      assert.equal(names(Items), '3');
    });
  },
  async 'Select COUNT with a range of the sort key counts in an index'(context) {
    await fill(context, '1234');
    const { db, tables, id } = context;
    const { Count, Items } = await db.query(tables.indexed, 'customer = :c AND placedAt < :t', {
      IndexName: 'by-customer',
      Select: 'COUNT',
      ExpressionAttributeValues: { ':c': s(id), ':t': s('2026-01-03') },
    });
    assert.deepEqual([Count, Items], [2, undefined]);
  },
  async 'An index with a number as sort key is in order of value'({ db, tables, id }) {
    for (const [name, rank] of [
      ['1', 10],
      ['2', 9],
      ['3', -1],
    ] as const) {
      await db.put(tables.indexed, { pk: s(`${id}-${name}`), customer: s(id), rank: n(rank) });
    }
    await db.eventually(async () => {
      const { Items } = await db.query(tables.indexed, 'customer = :c', {
        IndexName: 'by-rank',
        ExpressionAttributeValues: { ':c': s(id) },
      });
      assert.equal(names(Items), '321');
    });
  },
  'A consistent read of a global index is refused': refuses(
    (context) => byCustomer(context, { ConsistentRead: true }),
    'Consistent reads are not supported on global secondary indexes',
  ),
  'All attributes of an index that does not hold them are refused': refuses(
    (context) => byCustomer(context, { Select: 'ALL_ATTRIBUTES' }),
    /Select type ALL_ATTRIBUTES is not supported for global secondary index by-customer/,
  ),
  async 'A projection of what a global index does not hold is refused'(context) {
    await fill(context, '1');
    await invalid(
      byCustomer(context, { ProjectionExpression: 'placedAt, secret' }),
      'One or more parameter values were invalid: Global secondary index by-customer does not project [secret]',
    );
  },
  'An ExclusiveStartKey without the keys of the index is refused': refuses(
    (context) => byCustomer(context, { ExclusiveStartKey: { pk: s('x') } }),
    'The provided starting key is invalid',
  ),
  'A key of an index of another type is refused': refuses(
    ({ db, tables, id }) => db.put(tables.indexed, { pk: s(id), customer: n(1), placedAt: s('x') }),
    /^One or more parameter values were invalid: Type mismatch for Index Key customer Expected: S Actual: N IndexName: (by-customer|by-rank)$/,
  ),
  'An empty string as key of an index is refused': refuses(
    ({ db, tables, id }) => db.put(tables.indexed, { pk: s(id), open: s(''), placedAt: s('x') }),
    /The AttributeValue for a key attribute cannot contain an empty string value\. IndexName: open, IndexKey: open/,
  ),
  async 'An update that gives the key of an index another type is refused'({ db, tables, id }) {
    await db.put(tables.indexed, order(id, '1'));
    await invalid(
      db.update(tables.indexed, { pk: s(`${id}-1`) }, 'SET customer = :v', given({ ':v': n(1) })),
      /^One or more parameter values were invalid: Type mismatch for Index Key customer Expected: S Actual: N IndexName: (by-customer|by-rank)$/,
    );
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html#API_TransactWriteItems_Errors
  async 'An update that copies a value of another type into the key of an index is refused'({
    db,
    tables,
    id,
  }) {
    await db.put(tables.indexed, order(id, '1', { amount: n(1) }));
    await invalid(
      db.update(tables.indexed, { pk: s(`${id}-1`) }, 'SET customer = amount'),
      'The update expression attempted to update the secondary index key to unsupported type',
    );
  },
  async 'A local index reads consistently, in order of its own key'({ db, tables, id }) {
    for (const [sk, lsk] of [
      ['a', 3],
      ['b', 1],
      ['c', 2],
    ] as const) {
      await db.put(tables.ranged, { pk: s(id), sk: s(sk), lsk: n(lsk), color: s('red'), size: n(1) });
    }
    await db.put(tables.ranged, { pk: s(id), sk: s('d') });
    const { Items } = await db.partition(tables.ranged, id, { IndexName: 'by-lsk' });
    assert.deepEqual(
      Items,
      [
        ['b', 1],
        ['c', 2],
        ['a', 3],
      ].map(([sk, lsk]) => ({
        pk: s(id),
        sk: s(String(sk)),
        lsk: n(Number(lsk)),
        color: s('red'),
      })),
    );
  },
  async 'A local index fetches from the table what it does not hold'({ db, tables, id }) {
    await db.put(tables.ranged, { pk: s(id), sk: s('a'), lsk: n(1), color: s('red'), size: n(7) });
    const { Items } = await db.partition(tables.ranged, id, {
      IndexName: 'by-lsk',
      ProjectionExpression: '#size',
      ExpressionAttributeNames: { '#size': 'size' },
    });
    assert.deepEqual(Items, [{ size: n(7) }]);
  },
  async 'An index that is added later holds the items that were there before'({ db }) {
    const { name } = await db.createTable(plain, 'grown');
    await db.put(name, { pk: s('a'), color: s('red') });
    await db.put(name, { pk: s('b') });
    await db.updateTable(name, {
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'color', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexUpdates: [
        {
          Create: {
            IndexName: 'by-color',
            KeySchema: keys('color'),
            Projection: { ProjectionType: 'KEYS_ONLY' },
          },
        },
      ],
    });
    await db.eventually(async () => {
      const { Items } = await db.query(name, 'color = :red', {
        IndexName: 'by-color',
        ExpressionAttributeValues: { ':red': s('red') },
      });
      assert.deepEqual(Items, [{ pk: s('a'), color: s('red') }]);
    });
    await db.updateTable(name, { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'by-color' } }] });
    await db.eventually(async () =>
      assert.deepEqual((await db.describe(name)).GlobalSecondaryIndexes ?? [], []),
    );
  },
});
