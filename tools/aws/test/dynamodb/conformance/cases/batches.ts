import assert from 'node:assert/strict';
import { invalid } from '../assertions.ts';
import { type Item, n, s } from '../attribute-values.ts';
import { findsNothing, group, refuses } from '../case.ts';
import { scalarOf } from '../test-database.ts';

const puts = (items: readonly Item[]) => items.map((Item) => ({ PutRequest: { Item } }));

const keys = (id: string, count: number): Item[] =>
  Array.from({ length: count }, (_, index) => ({ pk: s(`${id}-${index}`) }));

const byKey = (items: readonly Item[] = []): Item[] =>
  items.toSorted((a, b) => (scalarOf(a, 'pk') ?? '').localeCompare(scalarOf(b, 'pk') ?? ''));

export const batches = group('batches', {
  async 'BatchGetItem gives what is there and leaves out what is not'({ db, tables, id }) {
    const a = { pk: s(`${id}-a`) };
    const b = { pk: s(`${id}-b`) };
    const missing = { pk: s(`${id}-c`) };
    await db.batchWrite({ [tables.plain]: puts([a, b]) });
    const { Responses, UnprocessedKeys } = await db.batchGet({
      [tables.plain]: { Keys: [b, missing, a], ConsistentRead: true },
    });
    assert.deepEqual(byKey(Responses?.[tables.plain]), [a, b]);
    assert.deepEqual(UnprocessedKeys, {});
  },
  async 'BatchGetItem that finds nothing answers with an empty list for the table'({ db, tables, id }) {
    const { Responses } = await db.batchGet({ [tables.plain]: { Keys: [{ pk: s(id) }] } });
    assert.deepEqual(Responses, { [tables.plain]: [] });
  },
  async 'BatchGetItem reads several tables and projects each'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id), a: n(1), b: n(2) });
    await db.put(tables.ranged, { pk: s(id), sk: s('x'), a: n(3) });
    const { Responses } = await db.batchGet({
      [tables.plain]: { Keys: [{ pk: s(id) }], ConsistentRead: true, ProjectionExpression: 'a' },
      [tables.ranged]: { Keys: [{ pk: s(id), sk: s('x') }], ConsistentRead: true },
    });
    assert.deepEqual(Responses, {
      [tables.plain]: [{ a: n(1) }],
      [tables.ranged]: [{ pk: s(id), sk: s('x'), a: n(3) }],
    });
  },
  async 'BatchGetItem takes 100 keys and refuses 101'({ db, tables, id }) {
    await db.batchGet({ [tables.plain]: { Keys: keys(id, 100) } });
    await invalid(
      db.batchGet({ [tables.plain]: { Keys: keys(id, 101) } }),
      /Too many items requested for the BatchGetItem call|less than or equal to 100/,
    );
  },
  'BatchGetItem with a key twice is refused': refuses(
    ({ db, tables, id }) => db.batchGet({ [tables.plain]: { Keys: [{ pk: s(id) }, { pk: s(id) }] } }),
    'Provided list of item keys contains duplicates',
  ),
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchGetItem.html
  async 'BatchGetItem gives up to 16 MB and the keys that are left'({ db, tables, id }) {
    const wanted = keys(id, 44);
    const text = s('y'.repeat(390 * 1024));
    for (const key of wanted) await db.put(tables.plain, { ...key, text });
    const { Responses, UnprocessedKeys } = await db.batchGet({
      [tables.plain]: {
        Keys: wanted,
        ProjectionExpression: 'pk, #text',
        ExpressionAttributeNames: { '#text': 'text' },
      },
    });
    const found = Responses?.[tables.plain]?.length ?? 0;
    const left = UnprocessedKeys?.[tables.plain];
    assert(found > 0 && found <= 43, `${found} items of 390 KB were given.`);
    assert.equal(found + (left?.Keys?.length ?? 0), wanted.length);
    assert.equal(left?.ProjectionExpression, 'pk, #text');
  },
  'BatchGetItem from a table that does not exist is refused': findsNothing(
    ({ db }) => db.batchGet({ [db.newName('missing')]: { Keys: [{ pk: s('x') }] } }),
    'Requested resource not found',
  ),
  async 'BatchWriteItem puts and deletes, in several tables'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(`${id}-old`) });
    const { UnprocessedItems } = await db.batchWrite({
      [tables.plain]: [
        { PutRequest: { Item: { pk: s(`${id}-new`) } } },
        { DeleteRequest: { Key: { pk: s(`${id}-old`) } } },
      ],
      [tables.ranged]: puts([{ pk: s(id), sk: s('x') }]),
    });
    assert.deepEqual(UnprocessedItems, {});
    assert.deepEqual(await db.get(tables.plain, { pk: s(`${id}-new`) }), { pk: s(`${id}-new`) });
    assert.equal(await db.get(tables.plain, { pk: s(`${id}-old`) }), undefined);
    assert.deepEqual(await db.get(tables.ranged, { pk: s(id), sk: s('x') }), { pk: s(id), sk: s('x') });
  },
  async 'BatchWriteItem takes 25 writes and refuses 26'({ db, tables, id }) {
    await db.batchWrite({ [tables.plain]: puts(keys(id, 25)) });
    await invalid(
      db.batchWrite({ [tables.plain]: puts(keys(id, 26)) }),
      /Member must have length less than or equal to 25|Too many items requested/,
    );
  },
  async 'BatchWriteItem with one item twice is refused and writes nothing'({ db, tables, id }) {
    const item = { pk: s(id) };
    await invalid(
      db.batchWrite({
        [tables.plain]: [{ PutRequest: { Item: item } }, { DeleteRequest: { Key: item } }],
      }),
      'Provided list of item keys contains duplicates',
    );
    assert.equal(await db.get(tables.plain, item), undefined);
  },
  async 'BatchWriteItem with one bad item writes nothing'({ db, tables, id }) {
    await invalid(db.batchWrite({ [tables.plain]: puts([{ pk: s(id) }, { v: n(1) }]) }));
    assert.equal(await db.get(tables.plain, { pk: s(id) }), undefined);
  },
  'BatchWriteItem into a table that does not exist is refused': findsNothing(
    ({ db }) => db.batchWrite({ [db.newName('missing')]: puts([{ pk: s('x') }]) }),
    'Requested resource not found',
  ),
  'BatchWriteItem without writes is refused': refuses(({ db }) => db.batchWrite({})),
});
