import assert from 'node:assert/strict';
import type { QueryCommandInput } from '@aws-sdk/client-dynamodb';
import { bytes, given, type Item, n, s } from '../attribute-values.ts';
import { type CaseContext, findsNothing, group, refuses } from '../case.ts';
import { pagesOf, scalarOf } from '../test-database.ts';

/** Seven items with the sort keys a to g and the numbers 1 to 7. */
const fill = async ({ db, tables, id }: CaseContext): Promise<void> => {
  const items = [...'abcdefg'].map((sk, index) => ({ pk: s(id), sk: s(sk), v: n(index + 1) }));
  await db.batchWrite({ [tables.ranged]: items.map((Item) => ({ PutRequest: { Item } })) });
};

const sortKeys = (items: readonly Item[] = []): string => items.map((item) => scalarOf(item, 'sk')).join('');

/** What a condition on the sort key selects of a to g. */
const selects =
  (condition: string, values: Item, expected: string) =>
  async (context: CaseContext): Promise<void> => {
    await fill(context);
    const { db, tables, id } = context;
    const { Items, Count } = await db.query(tables.ranged, `pk = :pk AND ${condition}`, {
      ConsistentRead: true,
      ExpressionAttributeValues: { ':pk': s(id), ...values },
    });
    assert.equal(sortKeys(Items), expected);
    assert.equal(Count, expected.length);
  };

const malformed = (condition: string, input: Partial<QueryCommandInput>, message: string | RegExp) =>
  refuses(({ db, tables }) => db.query(tables.ranged, condition, input), message);

const values = { ':p': s('p'), ':v': s('x') };

/** All pages of a query, as the sort keys on each. */
const pages = async (
  { db, tables, id }: CaseContext,
  input: Partial<QueryCommandInput>,
): Promise<readonly string[]> => {
  const found = await pagesOf((ExclusiveStartKey) =>
    db.partition(tables.ranged, id, { ...input, ExclusiveStartKey }),
  );
  return found.map(sortKeys);
};

export const queries = group('queries', {
  async 'A query gives the items of one partition in order of the sort key'({ db, tables, id }) {
    for (const sk of ['b', 'a', 'C', 'é', 'z', '10', '9'])
      await db.put(tables.ranged, { pk: s(id), sk: s(sk) });
    await db.put(tables.ranged, { pk: s(`${id}-other`), sk: s('a') });
    const { Items, Count, ScannedCount, LastEvaluatedKey } = await db.partition(tables.ranged, id);
    assert.equal(sortKeys(Items), '109Cabzé');
    assert.deepEqual([Count, ScannedCount, LastEvaluatedKey], [7, 7, undefined]);
  },
  async 'String sort keys are in order of their UTF-8 bytes'({ db, tables, id }) {
    // In UTF-16 the emoji comes first, as its surrogates are lower than U+FF5E.
    for (const sk of ['\u{1f600}', '\uff5e', 'z']) await db.put(tables.ranged, { pk: s(id), sk: s(sk) });
    const { Items = [] } = await db.partition(tables.ranged, id);
    assert.deepEqual(
      Items.map((item) => scalarOf(item, 'sk')),
      ['z', '\uff5e', '\u{1f600}'],
    );
  },
  async 'Binary sort keys are in order of unsigned bytes'({ db, tables, id }) {
    for (const byte of [0xff, 0x00, 0x7f, 0x80]) await db.put(tables.binary, { pk: s(id), sk: bytes(byte) });
    const { Items = [] } = await db.partition(tables.binary, id);
    assert.deepEqual(
      Items.map(({ sk }) => sk?.B?.[0]),
      [0x00, 0x7f, 0x80, 0xff],
    );
  },
  async 'A query with ScanIndexForward false goes backwards'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const { Items } = await db.partition(tables.ranged, id, { ScanIndexForward: false });
    assert.equal(sortKeys(Items), 'gfedcba');
  },
  async 'A query of an empty partition answers with no items'({ db, tables, id }) {
    const { Items, Count, ScannedCount, LastEvaluatedKey } = await db.partition(tables.ranged, id);
    assert.deepEqual([Items, Count, ScannedCount, LastEvaluatedKey], [[], 0, 0, undefined]);
  },
  async 'A query pages with Limit and ExclusiveStartKey, forwards'(context) {
    await fill(context);
    assert.deepEqual(await pages(context, { Limit: 3 }), ['abc', 'def', 'g']);
  },
  async 'A query pages with Limit and ExclusiveStartKey, backwards'(context) {
    await fill(context);
    assert.deepEqual(await pages(context, { Limit: 3, ScanIndexForward: false }), ['gfe', 'dcb', 'a']);
  },
  async 'A query whose last page is full answers with a key, and with an empty page after it'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const full = await db.partition(tables.ranged, id, { Limit: 7 });
    assert.deepEqual(full.LastEvaluatedKey, { pk: s(id), sk: s('g') });
    const after = await db.partition(tables.ranged, id, {
      Limit: 7,
      ExclusiveStartKey: full.LastEvaluatedKey,
    });
    assert.deepEqual([after.Items, after.LastEvaluatedKey], [[], undefined]);
    assert.equal((await db.partition(tables.ranged, id, { Limit: 8 })).LastEvaluatedKey, undefined);
  },
  async 'ExclusiveStartKey need not be the key of an item that is there'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const { Items } = await db.partition(tables.ranged, id, {
      ExclusiveStartKey: { pk: s(id), sk: s('cc') },
    });
    assert.equal(sortKeys(Items), 'defg');
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Limit.html
  async 'Limit counts items before the filter'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const page = await db.partition(tables.ranged, id, {
      Limit: 4,
      FilterExpression: 'v > :three',
      ExpressionAttributeValues: { ':three': n(3) },
    });
    assert.equal(sortKeys(page.Items), 'd');
    assert.deepEqual([page.Count, page.ScannedCount], [1, 4]);
    assert.deepEqual(page.LastEvaluatedKey, { pk: s(id), sk: s('d') });
  },
  async 'A page may be empty and still not be the last one'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const page = await db.partition(tables.ranged, id, {
      Limit: 2,
      FilterExpression: 'v > :six',
      ExpressionAttributeValues: { ':six': n(6) },
    });
    assert.deepEqual([page.Items, page.ScannedCount], [[], 2]);
    assert.deepEqual(page.LastEvaluatedKey, { pk: s(id), sk: s('b') });
  },
  async 'Select COUNT answers with counts and no items'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const { Items, Count, ScannedCount } = await db.partition(tables.ranged, id, {
      Select: 'COUNT',
      FilterExpression: 'v > :five',
      ExpressionAttributeValues: { ':five': n(5) },
    });
    assert.deepEqual([Items, Count, ScannedCount], [undefined, 2, 7]);
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Query.Pagination.html
  async 'A query ends its page at 1 MB'({ db, tables, id }) {
    const item = (sk: string) => ({ pk: s(id), sk: s(sk), text: s('y'.repeat(300 * 1024)) });
    for (const sk of 'abcde') await db.put(tables.ranged, item(sk));
    const first = await db.partition(tables.ranged, id);
    assert(first.LastEvaluatedKey, 'The first page has no LastEvaluatedKey.');
    assert(['abc', 'abcd'].includes(sortKeys(first.Items)), sortKeys(first.Items));
    const second = await db.partition(tables.ranged, id, { ExclusiveStartKey: first.LastEvaluatedKey });
    assert.equal(sortKeys(first.Items) + sortKeys(second.Items), 'abcde');
  },
  'A query takes a sort key by =': selects('sk = :v', { ':v': s('c') }, 'c'),
  'A query takes sort keys by <': selects('sk < :v', { ':v': s('c') }, 'ab'),
  'A query takes sort keys by <=': selects('sk <= :v', { ':v': s('c') }, 'abc'),
  'A query takes sort keys by >': selects('sk > :v', { ':v': s('e') }, 'fg'),
  'A query takes sort keys by >=': selects('sk >= :v', { ':v': s('e') }, 'efg'),
  'A query takes sort keys by BETWEEN': selects(
    'sk BETWEEN :v AND :w',
    { ':v': s('b'), ':w': s('d') },
    'bcd',
  ),
  'A query takes sort keys by begins_with': selects('begins_with(sk, :v)', { ':v': s('f') }, 'f'),
  async 'begins_with in a key condition finds every key with the prefix'({ db, tables, id }) {
    for (const sk of ['A#1', 'A#2', 'B#1', 'A']) await db.put(tables.ranged, { pk: s(id), sk: s(sk) });
    const { Items = [] } = await db.query(tables.ranged, 'pk = :pk AND begins_with(sk, :prefix)', {
      ConsistentRead: true,
      ExpressionAttributeValues: { ':pk': s(id), ':prefix': s('A#') },
    });
    assert.deepEqual(
      Items.map((item) => scalarOf(item, 'sk')),
      ['A#1', 'A#2'],
    );
  },
  async 'A key condition takes names, parentheses and either order'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const { Items } = await db.query(tables.ranged, '(#sort > :v) AND (#partition = :pk)', {
      ConsistentRead: true,
      ExpressionAttributeNames: { '#partition': 'pk', '#sort': 'sk' },
      ExpressionAttributeValues: { ':pk': s(id), ':v': s('e') },
    });
    assert.equal(sortKeys(Items), 'fg');
  },
  async 'A filter looks at attributes that are no keys'(context) {
    await fill(context);
    const { db, tables, id } = context;
    const { Items } = await db.partition(tables.ranged, id, {
      FilterExpression: 'v BETWEEN :two AND :three OR v = :six',
      ExpressionAttributeValues: { ':two': n(2), ':three': n(3), ':six': n(6) },
    });
    assert.equal(sortKeys(Items), 'bcf');
  },
  'A filter on a key is refused': malformed(
    'pk = :p',
    { FilterExpression: 'sk = :v', ExpressionAttributeValues: values },
    'Filter Expression can only contain non-primary key attributes: Primary key attribute: sk',
  ),
  'A query without the partition key is refused': malformed(
    'sk = :v',
    given({ ':v': s('x') }),
    'Query condition missed key schema element: pk',
  ),
  'A query with an attribute that is no key is refused': malformed(
    'pk = :p AND v = :v',
    given(values),
    'Query condition missed key schema element: sk',
  ),
  'A query with a range of partition keys is refused': malformed(
    'pk > :p',
    given({ ':p': s('p') }),
    'Query key condition not supported',
  ),
  'A query with OR in its key condition is refused': malformed(
    'pk = :p OR sk = :v',
    given(values),
    'Invalid operator used in KeyConditionExpression: OR',
  ),
  'A query with <> in its key condition is refused': malformed(
    'pk = :p AND sk <> :v',
    given(values),
    'Invalid operator used in KeyConditionExpression: <>',
  ),
  'A query with two conditions on one key is refused': malformed(
    'pk = :p AND sk > :v AND sk < :v',
    given(values),
    /KeyConditionExpressions must only contain one condition per key|Invalid KeyConditionExpression|too many/,
  ),
  'A query with a value of another type for the key is refused': malformed(
    'pk = :p',
    given({ ':p': n(1) }),
    'One or more parameter values were invalid: Condition parameter type does not match schema type',
  ),
  'A query with Limit 0 is refused': malformed(
    'pk = :p',
    { ExpressionAttributeValues: { ':p': s('p') }, Limit: 0 },
    "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ),
  'An ExclusiveStartKey of another partition is refused': malformed(
    'pk = :p',
    {
      ExpressionAttributeValues: { ':p': s('p') },
      ExclusiveStartKey: { pk: s('other'), sk: s('x') },
    },
    'The provided starting key is outside query boundaries based on provided conditions',
  ),
  'An ExclusiveStartKey that is no whole key is refused': malformed(
    'pk = :p',
    { ExpressionAttributeValues: { ':p': s('p') }, ExclusiveStartKey: { pk: s('p') } },
    'The provided starting key is invalid: The provided key element does not match the schema',
  ),
  'An ExclusiveStartKey of another type is refused': malformed(
    'pk = :p',
    { ExpressionAttributeValues: { ':p': s('p') }, ExclusiveStartKey: { pk: s('p'), sk: n(1) } },
    'The provided starting key is invalid: The provided key element does not match the schema',
  ),
  'A query of an index that does not exist is refused': malformed(
    'pk = :p',
    { ExpressionAttributeValues: { ':p': s('p') }, IndexName: 'nowhere' },
    'The table does not have the specified index: nowhere',
  ),
  'A reserved word in a key condition is refused': malformed(
    'status = :p',
    given({ ':p': s('p') }),
    'Invalid KeyConditionExpression: Attribute name is a reserved keyword; reserved keyword: status',
  ),
  'A query of a table that does not exist is refused': findsNothing(
    ({ db }) => db.query(db.newName('missing'), 'pk = :p', given({ ':p': s('p') })),
    'Requested resource not found',
  ),
});
