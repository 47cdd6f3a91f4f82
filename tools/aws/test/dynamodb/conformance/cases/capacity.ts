import assert from 'node:assert/strict';
import type { ConsumedCapacity } from '@aws-sdk/client-dynamodb';
import { type Item, n, s } from '../attribute-values.ts';
import { group } from '../case.ts';

const KIB = 1024;
const TOTAL = { ReturnConsumedCapacity: 'TOTAL' } as const;
const INDEXES = { ReturnConsumedCapacity: 'INDEXES' } as const;

const sized = (pk: string, size: number): Item => ({
  pk: s(pk),
  x: s('y'.repeat(size - 'pk'.length - pk.length - 'x'.length)),
});

const indexUnits = (capacity: ConsumedCapacity | undefined): Readonly<Record<string, number | undefined>> =>
  Object.fromEntries(
    Object.entries(capacity?.GlobalSecondaryIndexes ?? {}).map(([name, { CapacityUnits }]) => [
      name,
      CapacityUnits,
    ]),
  );

/** AWS's rules: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html */
export const capacity = group('consumed capacity', {
  async 'A write consumes a unit for each started KB'({ db, tables, id }) {
    for (const [size, units] of [
      [KIB, 1],
      [KIB + 1, 2],
      [10 * KIB, 10],
    ] as const) {
      const { ConsumedCapacity } = await db.put(tables.plain, sized(id, size), TOTAL);
      assert.equal(ConsumedCapacity?.CapacityUnits, units);
      assert.equal(ConsumedCapacity?.TableName, tables.plain);
      await db.delete(tables.plain, { pk: s(id) });
    }
  },
  async 'A write of a smaller item in place of a larger one consumes units of the larger'({
    db,
    tables,
    id,
  }) {
    await db.put(tables.plain, sized(id, 3 * KIB));
    const put = await db.put(tables.plain, { pk: s(id) }, TOTAL);
    assert.equal(put.ConsumedCapacity?.CapacityUnits, 3);
    await db.put(tables.plain, sized(id, 3 * KIB));
    const update = await db.update(tables.plain, { pk: s(id) }, 'REMOVE x', TOTAL);
    assert.equal(update.ConsumedCapacity?.CapacityUnits, 3);
    await db.put(tables.plain, sized(id, 3 * KIB));
    const remove = await db.delete(tables.plain, { pk: s(id) }, TOTAL);
    assert.equal(remove.ConsumedCapacity?.CapacityUnits, 3);
  },
  async 'A consistent read consumes a unit for each started 4 KB, another one half of that'({
    db,
    tables,
    id,
  }) {
    const key = { pk: s(id) };
    for (const [size, units] of [
      [4 * KIB, 1],
      [4 * KIB + 1, 2],
    ] as const) {
      await db.put(tables.plain, sized(id, size));
      const strong = await db.getOutput(tables.plain, key, { ...TOTAL, ConsistentRead: true });
      const weak = await db.getOutput(tables.plain, key, TOTAL);
      assert.equal(strong.ConsumedCapacity?.CapacityUnits, units);
      assert.equal(weak.ConsumedCapacity?.CapacityUnits, units / 2);
    }
  },
  async 'A read of what is not there consumes as much as a small item'({ db, tables, id }) {
    const key = { pk: s(id) };
    const strong = await db.getOutput(tables.plain, key, { ...TOTAL, ConsistentRead: true });
    const weak = await db.getOutput(tables.plain, key, TOTAL);
    assert.deepEqual(
      [strong.ConsumedCapacity?.CapacityUnits, weak.ConsumedCapacity?.CapacityUnits],
      [1, 0.5],
    );
  },
  async 'A query rounds up the sum of its items, not each of them'({ db, tables, id }) {
    for (const sk of 'abcd') await db.put(tables.ranged, { pk: s(id), sk: s(sk), x: s('y'.repeat(900)) });
    const { ConsumedCapacity } = await db.partition(tables.ranged, id, TOTAL);
    assert.equal(ConsumedCapacity?.CapacityUnits, 1);
    const weak = await db.partition(tables.ranged, id, { ...TOTAL, ConsistentRead: false });
    assert.equal(weak.ConsumedCapacity?.CapacityUnits, 0.5);
  },
  async 'A batch read rounds up each of its items'({ db, tables, id }) {
    const keys = [...'ab'].map((name) => ({ pk: s(`${id}-${name}`) }));
    for (const key of keys) await db.put(tables.plain, key);
    const { ConsumedCapacity } = await db.batchGet(
      { [tables.plain]: { Keys: keys, ConsistentRead: true } },
      TOTAL,
    );
    assert.deepEqual(ConsumedCapacity, [{ TableName: tables.plain, CapacityUnits: 2 }]);
  },
  async 'A batch write consumes a unit for each item and table'({ db, tables, id }) {
    const items = [...'abc'].map((name) => ({ pk: s(`${id}-${name}`) }));
    const { ConsumedCapacity } = await db.batchWrite(
      { [tables.plain]: items.map((Item) => ({ PutRequest: { Item } })) },
      TOTAL,
    );
    assert.deepEqual(ConsumedCapacity, [{ TableName: tables.plain, CapacityUnits: 3 }]);
  },
  async 'A transaction consumes double for each item'({ db, tables, id }) {
    const TableName = tables.plain;
    const [checked, ...keys] = [...'abcd'].map((name) => ({ pk: s(`${id}-${name}`) }));
    assert(checked);
    const ConditionCheck = { TableName, Key: checked, ConditionExpression: 'attribute_not_exists(pk)' };
    const { ConsumedCapacity } = await db.transact(
      [{ ConditionCheck }, ...keys.map((Item) => ({ Put: { TableName, Item } }))],
      TOTAL,
    );
    assert.deepEqual(
      ConsumedCapacity?.map((consumed) => [consumed.TableName, consumed.CapacityUnits]),
      [[TableName, 8]],
    );
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
  async 'An index consumes write units only for items in it, and two when their key changes'({
    db,
    tables,
    id,
  }) {
    const item = { pk: s(id), customer: s(id), placedAt: s('1'), status: s('A') };
    const put = async (Item: Item) => (await db.put(tables.indexed, Item, INDEXES)).ConsumedCapacity;
    const created = await put(item);
    assert.equal(created?.Table?.CapacityUnits, 1);
    assert.deepEqual(indexUnits(created), { 'by-customer': 1 });
    assert.equal(created?.CapacityUnits, 2);
    const moved = await put({ ...item, placedAt: s('2') });
    assert.deepEqual(indexUnits(moved), { 'by-customer': 2 });
    const unseen = await put({ ...item, placedAt: s('2'), hidden: n(1) });
    assert.deepEqual(indexUnits(unseen), {});
    assert.equal(unseen?.CapacityUnits, 1);
    const gone = await db.delete(tables.indexed, { pk: s(id) }, INDEXES);
    assert.deepEqual(indexUnits(gone.ConsumedCapacity), { 'by-customer': 1 });
  },
  async 'A query of an index consumes units of the index and none of the table'({ db, tables, id }) {
    await db.put(tables.indexed, { pk: s(id), customer: s(id), placedAt: s('1') });
    const { ConsumedCapacity } = await db.eventually(async () => {
      const output = await db.query(tables.indexed, 'customer = :c', {
        ...INDEXES,
        IndexName: 'by-customer',
        ExpressionAttributeValues: { ':c': s(id) },
      });
      assert.equal(output.Count, 1);
      return output;
    });
    assert.equal(ConsumedCapacity?.CapacityUnits, 0.5);
    assert.equal(ConsumedCapacity?.Table?.CapacityUnits, 0);
    assert.deepEqual(indexUnits(ConsumedCapacity), { 'by-customer': 0.5 });
  },
  async 'An answer has no capacity by default'({ db, tables, id }) {
    assert.equal((await db.put(tables.plain, { pk: s(id) })).ConsumedCapacity, undefined);
    const none = await db.getOutput(tables.plain, { pk: s(id) }, { ReturnConsumedCapacity: 'NONE' });
    assert.equal(none.ConsumedCapacity, undefined);
  },
});
