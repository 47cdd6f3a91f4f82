import assert from 'node:assert/strict';
import { type Item, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';
import { plain } from '../tables.ts';
import { pagesOf, scalarOf } from '../test-database.ts';

const COUNT = 12;

/** A table of its own with twelve items. */
const filled = async ({ db }: CaseContext): Promise<string> => {
  const { name } = await db.createTable(plain, 'scanned');
  const items = Array.from({ length: COUNT }, (_, v) => ({ pk: s(`item-${v}`), v: n(v) }));
  await db.batchWrite({ [name]: items.map((Item) => ({ PutRequest: { Item } })) });
  return name;
};

const keysOf = (items: readonly Item[] = []): readonly (string | undefined)[] =>
  items.map((item) => scalarOf(item, 'pk'));

export const scans = group('scans', {
  async 'A scan gives every item once, also in pages and in segments'(context) {
    const { db } = context;
    const table = await filled(context);
    const whole = await db.scan(table, { ConsistentRead: true });
    assert.deepEqual([whole.Count, whole.ScannedCount, whole.LastEvaluatedKey], [COUNT, COUNT, undefined]);
    const everything = keysOf(whole.Items).toSorted();
    assert.equal(new Set(everything).size, COUNT);

    const read = (Limit: number, segment = {}) =>
      pagesOf((ExclusiveStartKey) =>
        db.scan(table, { ConsistentRead: true, Limit, ExclusiveStartKey, ...segment }),
      );
    const pages = await read(5);
    assert(
      pages.every(({ length }) => length <= 5),
      'A page of Limit 5 has more items.',
    );
    assert.deepEqual(keysOf(pages.flat()).toSorted(), everything);

    const segments = await Promise.all([0, 1, 2].map((Segment) => read(2, { Segment, TotalSegments: 3 })));
    assert.deepEqual(keysOf(segments.flat(2)).toSorted(), everything);
  },
  async 'A scan filters after it has read, and projects what is left'(context) {
    const { db } = context;
    const table = await filled(context);
    const { Items, Count, ScannedCount } = await db.scan(table, {
      ConsistentRead: true,
      FilterExpression: 'v >= :ten',
      ExpressionAttributeValues: { ':ten': n(10) },
      ProjectionExpression: 'pk',
    });
    assert.deepEqual([Count, ScannedCount], [2, COUNT]);
    assert.deepEqual(
      Items?.toSorted((a, b) => (scalarOf(a, 'pk') ?? '').localeCompare(scalarOf(b, 'pk') ?? '')),
      [{ pk: s('item-10') }, { pk: s('item-11') }],
    );
  },
  async 'A scan ends its page at 1 MB'({ db }) {
    const { name } = await db.createTable(plain, 'large');
    for (const pk of 'abcde') await db.put(name, { pk: s(pk), x: s('y'.repeat(300 * 1024)) });
    const first = await db.scan(name, { ConsistentRead: true });
    assert(first.LastEvaluatedKey, 'The first page has no LastEvaluatedKey.');
    const second = await db.scan(name, {
      ConsistentRead: true,
      ExclusiveStartKey: first.LastEvaluatedKey,
    });
    assert.deepEqual([...keysOf(first.Items), ...keysOf(second.Items)].toSorted(), [...'abcde']);
  },
  async 'A scan of an index gives only the items in it'({ db, tables, id }) {
    await db.put(tables.indexed, { pk: s(`${id}-in`), open: s(id), placedAt: s('1') });
    await db.put(tables.indexed, { pk: s(`${id}-out`) });
    await db.eventually(async () => {
      const { Items } = await db.scan(tables.indexed, { IndexName: 'open' });
      const mine = keysOf(Items).filter((pk) => pk?.startsWith(id));
      assert.deepEqual(mine, [`${id}-in`]);
    });
  },
  async 'A filter of a scan may look at a key'(context) {
    const { db } = context;
    const table = await filled(context);
    const { Items } = await db.scan(table, {
      ConsistentRead: true,
      FilterExpression: 'begins_with(pk, :prefix)',
      ExpressionAttributeValues: { ':prefix': s('item-1') },
    });
    assert.deepEqual(keysOf(Items).toSorted(), ['item-1', 'item-10', 'item-11']);
  },
  'A segment needs the number of segments': refuses(
    ({ db, tables }) => db.scan(tables.plain, { Segment: 0 }),
    'The TotalSegments parameter is required but was not present in the request when Segment parameter is present',
  ),
  'A segment is less than the number of segments': refuses(
    ({ db, tables }) => db.scan(tables.plain, { Segment: 2, TotalSegments: 2 }),
    'The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 2 is not less than TotalSegments: 2',
  ),
  'A scan with a starting key that is no key is refused': refuses(
    ({ db, tables }) => db.scan(tables.plain, { ExclusiveStartKey: { other: s('x') } }),
    'The provided starting key is invalid: The provided key element does not match the schema',
  ),
});
