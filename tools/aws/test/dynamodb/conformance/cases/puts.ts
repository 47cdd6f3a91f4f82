import assert from 'node:assert/strict';
import { invalid, refused } from '../assertions.ts';
import { bool, bytes, list, map, n, nothing, s } from '../attribute-values.ts';
import { findsNothing, group, refuses } from '../case.ts';

const KIB = 1024;
/** The names `pk` and `x` count, too. */
const itemOf = (pk: string, size: number) => ({ pk: s(pk), x: s('y'.repeat(size - 2 - pk.length - 1)) });

export const puts = group('puts and gets', {
  async 'An item of every type is read as it was written'({ db, tables, id }) {
    const item = {
      pk: s(id),
      text: s('größer 😀'),
      number: n('-12.5'),
      bytes: bytes(0, 1, 255),
      yes: bool(true),
      no: bool(false),
      none: nothing,
      list: list(s('a'), n(1), list(), map({ deep: bool(false) })),
      map: map({ a: n(1), b: map({}) }),
    };
    await db.put(tables.plain, item);
    assert.deepEqual(await db.get(tables.plain, { pk: s(id) }), item);
  },
  async 'A set keeps its members in no order, each once'({ db, tables, id }) {
    const item = { pk: s(id), words: { SS: ['b', 'a', 'c'] }, numbers: { NS: ['3', '1', '2.50'] } };
    await db.put(tables.plain, item);
    const stored = await db.get(tables.plain, { pk: s(id) });
    assert.deepEqual(stored?.words?.SS?.toSorted(), ['a', 'b', 'c']);
    assert.deepEqual(stored?.numbers?.NS?.toSorted(), ['1', '2.5', '3']);
  },
  async 'A binary set keeps its members'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id), b: { BS: [Uint8Array.of(2), Uint8Array.of(1)] } });
    const stored = await db.get(tables.plain, { pk: s(id) });
    const members = stored?.b?.BS?.map((member) => member[0]).toSorted();
    assert.deepEqual(members, [1, 2]);
  },
  async 'A put replaces the whole item'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id), a: n(1), b: n(2) });
    await db.put(tables.plain, { pk: s(id), a: n(3) });
    assert.deepEqual(await db.get(tables.plain, { pk: s(id) }), { pk: s(id), a: n(3) });
  },
  async 'A put answers with nothing unless it is asked to'({ db, tables, id }) {
    const { $metadata, ...answer } = await db.put(tables.plain, { pk: s(id) });
    assert.equal($metadata.httpStatusCode, 200);
    assert.deepEqual(answer, {});
  },
  async 'A put with ReturnValues ALL_OLD answers with the item that was replaced'({ db, tables, id }) {
    const first = await db.put(tables.plain, { pk: s(id), v: n(1) }, { ReturnValues: 'ALL_OLD' });
    const second = await db.put(tables.plain, { pk: s(id), v: n(2) }, { ReturnValues: 'ALL_OLD' });
    assert.equal(first.Attributes, undefined);
    assert.deepEqual(second.Attributes, { pk: s(id), v: n(1) });
  },
  'A put knows no other ReturnValues than ALL_OLD and NONE': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id) }, { ReturnValues: 'ALL_NEW' }),
    'ReturnValues can only be ALL_OLD or NONE',
  ),
  async 'A get of an item that does not exist answers without Item'({ db, tables, id }) {
    const answer = await db.getOutput(tables.plain, { pk: s(id) });
    assert.equal('Item' in answer && answer.Item !== undefined, false);
  },
  async 'An empty string and empty bytes are values of attributes that are no keys'({ db, tables, id }) {
    const item = { pk: s(id), text: s(''), bytes: bytes(), list: list(), map: map({}) };
    await db.put(tables.plain, item);
    assert.deepEqual(await db.get(tables.plain, { pk: s(id) }), item);
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-items
  async 'An item of 400 KB is stored and one byte more is refused'({ db, tables, id }) {
    await db.put(tables.plain, itemOf(id, 400 * KIB));
    await invalid(
      db.put(tables.plain, itemOf(id, 400 * KIB + 1)),
      'Item size has exceeded the maximum allowed size',
    );
  },
  'A put without its key is refused': refuses(
    ({ db, tables }) => db.put(tables.plain, { v: n(1) }),
    'One or more parameter values were invalid: Missing the key pk in the item',
  ),
  'A put without its sort key is refused': refuses(
    ({ db, tables, id }) => db.put(tables.ranged, { pk: s(id) }),
    'One or more parameter values were invalid: Missing the key sk in the item',
  ),
  'A put with a key of another type is refused': refuses(
    ({ db, tables }) => db.put(tables.plain, { pk: n(1) }),
    'One or more parameter values were invalid: Type mismatch for key pk expected: S actual: N',
  ),
  'A put with an empty string as key is refused': refuses(
    ({ db, tables }) => db.put(tables.plain, { pk: s('') }),
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: pk',
  ),
  'A put with empty bytes as key is refused': refuses(
    ({ db, tables, id }) => db.put(tables.binary, { pk: s(id), sk: bytes() }),
    'One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty binary value. Key: sk',
  ),
  'An empty set is refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id), set: { SS: [] } }),
    'One or more parameter values were invalid: An string set  may not be empty',
  ),
  'A set with a member twice is refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id), set: { SS: ['a', 'a'] } }),
    'One or more parameter values were invalid: Input collection [a, a] contains duplicates.',
  ),
  'A number set with equal numbers written differently is refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id), set: { NS: ['1', '1.0'] } }),
    /duplicates/,
  ),
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-partition-sort-keys
  async 'A partition key of 2,048 bytes is stored and a longer one is refused'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id.padEnd(2048, 'k')) });
    await invalid(
      db.put(tables.plain, { pk: s(id.padEnd(2049, 'k')) }),
      'One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes',
    );
  },
  async 'A sort key of 1,024 bytes is stored and a longer one is refused'({ db, tables, id }) {
    await db.put(tables.ranged, { pk: s(id), sk: s('k'.repeat(1024)) });
    await invalid(
      db.put(tables.ranged, { pk: s(id), sk: s('k'.repeat(1025)) }),
      'One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes',
    );
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-attributes
  async 'Values nest up to 32 levels and no deeper'({ db, tables, id }) {
    const nested = (levels: number) => {
      let value = n(1);
      for (let level = 0; level < levels; level++) value = list(value);
      return value;
    };
    await db.put(tables.plain, { pk: s(id), deep: nested(31) });
    await invalid(db.put(tables.plain, { pk: s(id), deep: nested(33) }), /Nesting Levels have exceeded/);
  },
  async 'A put into a table that does not exist is refused'({ db, id }) {
    const refusal = await refused(
      db.put(db.newName('missing'), { pk: s(id) }),
      'ResourceNotFoundException',
      'Requested resource not found',
    );
    assert.equal(refusal.status, 400);
  },
  'A get from a table that does not exist is refused': findsNothing(
    ({ db, id }) => db.get(db.newName('missing'), { pk: s(id) }),
    'Requested resource not found',
  ),
  'A get with an attribute that is no key is refused': refuses(
    ({ db, tables, id }) => db.get(tables.plain, { pk: s(id), more: s('x') }),
    'The provided key element does not match the schema',
  ),
  'A get without the sort key is refused': refuses(
    ({ db, tables, id }) => db.get(tables.ranged, { pk: s(id) }),
    'The provided key element does not match the schema',
  ),
  'A get with a key of another type is refused': refuses(
    ({ db, tables }) => db.get(tables.plain, { pk: n(1) }),
    'The provided key element does not match the schema',
  ),
  'A get with another attribute than the key is refused': refuses(
    ({ db, tables, id }) => db.get(tables.plain, { other: s(id) }),
    'The provided key element does not match the schema',
  ),
  async 'A delete removes the item and answers with it when asked'({ db, tables, id }) {
    const key = { pk: s(id) };
    await db.put(tables.plain, { ...key, v: n(1) });
    const { Attributes } = await db.delete(tables.plain, key, { ReturnValues: 'ALL_OLD' });
    assert.deepEqual(Attributes, { ...key, v: n(1) });
    assert.equal(await db.get(tables.plain, key), undefined);
  },
  async 'A delete of an item that does not exist succeeds'({ db, tables, id }) {
    const answer = await db.delete(tables.plain, { pk: s(id) }, { ReturnValues: 'ALL_OLD' });
    assert.equal(answer.Attributes, undefined);
  },
  'A delete knows no ReturnValues ALL_NEW': refuses(({ db, tables, id }) =>
    db.delete(tables.plain, { pk: s(id) }, { ReturnValues: 'ALL_NEW' }),
  ),
  'An attribute value of two types is refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id), v: { S: 'a', N: '1' } as never }),
    'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
  ),
  async 'An attribute may have a name that objects inherit'({ db, tables, id }) {
    const item = { pk: s(id), toString: s('x') };
    await db.put(tables.plain, item, { ConditionExpression: 'attribute_not_exists(hasOwnProperty)' });
    assert.deepEqual(await db.get(tables.plain, { pk: s(id) }), item);
  },
  'An attribute value without a type is refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id), v: {} as never }),
    'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
  ),
  'A NULL that is false is refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id), v: { NULL: false } }),
    'One or more parameter values were invalid: Null attribute value types must have the value of true',
  ),
});
