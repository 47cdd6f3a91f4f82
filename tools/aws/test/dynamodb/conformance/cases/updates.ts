import assert from 'node:assert/strict';
import { invalid } from '../assertions.ts';
import { given, type Item, list, map, n, s } from '../attribute-values.ts';
import { type CaseContext, group } from '../case.ts';

const by = (UpdateExpression: string, values?: Item, names?: Record<string, string>) => ({
  UpdateExpression,
  ...(values && given(values)),
  ...(names && { ExpressionAttributeNames: names }),
});
type Change = ReturnType<typeof by>;

/** An update of an item (none when `before` is absent), and what the item is then. */
const change =
  (before: Item | undefined, update: Change, after: Item) =>
  async ({ db, tables, id }: CaseContext): Promise<void> => {
    const key = { pk: s(id) };
    if (before) await db.put(tables.plain, { ...key, ...before });
    await db.dynamodb.updateItem({ TableName: tables.plain, Key: key, ...update });
    assert.deepEqual(await db.get(tables.plain, key), { ...key, ...after });
  };

/** An update that is refused and leaves the item as it was. */
const refusal =
  (update: Change, message: string | RegExp, before?: Item) =>
  async ({ db, tables, id }: CaseContext): Promise<void> => {
    const key = { pk: s(id) };
    if (before) await db.put(tables.plain, { ...key, ...before });
    await invalid(db.dynamodb.updateItem({ TableName: tables.plain, Key: key, ...update }), message);
    assert.deepEqual(await db.get(tables.plain, key), before && { ...key, ...before });
  };

const one = { ':one': n(1) };

export const updates = group('updates', {
  'An update creates the item that is not there': change(undefined, by('SET v = :one', one), { v: n(1) }),
  async 'An update without an expression creates an item of its key only'({ db, tables, id }) {
    await db.dynamodb.updateItem({ TableName: tables.plain, Key: { pk: s(id) } });
    assert.deepEqual(await db.get(tables.plain, { pk: s(id) }), { pk: s(id) });
  },
  'SET and REMOVE in one update leave other attributes alone': change(
    { status: s('A'), outbox: map({}), other: n(1) },
    by('SET #status = :b REMOVE outbox', { ':b': s('B') }, { '#status': 'status' }),
    { status: s('B'), other: n(1) },
  ),
  'SET adds and subtracts numbers': change(
    { a: n(10), b: n(10) },
    by('SET a = a + :v, b = b - :v', { ':v': n(3) }),
    { a: n(13), b: n(7) },
  ),
  'SET of one attribute to another reads what was there before the update': change(
    { a: n(1), b: n(2) },
    by('SET a = b, b = a'),
    { a: n(2), b: n(1) },
  ),
  'if_not_exists keeps what is there': change({ v: n(5) }, by('SET v = if_not_exists(v, :one)', one), {
    v: n(5),
  }),
  'if_not_exists gives the start of a counter': change(
    undefined,
    by('SET v = if_not_exists(v, :zero) + :one', { ...one, ':zero': n(0) }),
    { v: n(1) },
  ),
  'list_append appends at the end': change(
    { l: list(n(1)) },
    by('SET l = list_append(l, :more)', { ':more': list(n(2), n(3)) }),
    { l: list(n(1), n(2), n(3)) },
  ),
  'list_append puts in front when the operands are swapped': change(
    { l: list(n(1)) },
    by('SET l = list_append(:more, l)', { ':more': list(n(0)) }),
    { l: list(n(0), n(1)) },
  ),
  'list_append with if_not_exists starts a list': change(
    undefined,
    by('SET l = list_append(if_not_exists(l, :none), :more)', { ':none': list(), ':more': list(n(1)) }),
    { l: list(n(1)) },
  ),
  'SET of a list element replaces it, and behind the end appends it': change(
    { l: list(n(1), n(2)) },
    by('SET l[0] = :a, l[9] = :b', { ':a': n(10), ':b': n(90) }),
    { l: list(n(10), n(2), n(90)) },
  ),
  'REMOVE of list elements moves the others up': change(
    { l: list(n(0), n(1), n(2), n(3)) },
    by('REMOVE l[1], l[3]'),
    { l: list(n(0), n(2)) },
  ),
  'SET behind the end of a list and REMOVE of its elements work together': change(
    { l: list(n(0), n(1), n(2)) },
    by('SET l[7] = :one REMOVE l[0], l[1]', one),
    { l: list(n(2), n(1)) },
  ),
  'SET and REMOVE go into nested maps': change(
    { m: map({ keep: n(1), gone: n(2) }) },
    by('SET m.#new = :one REMOVE m.gone', one, { '#new': 'new.key' }),
    { m: map({ keep: n(1), 'new.key': n(1) }) },
  ),
  'REMOVE of what is not there changes nothing': change({ v: n(1) }, by('REMOVE nowhere, elsewhere'), {
    v: n(1),
  }),
  'ADD starts a number at zero': change(undefined, by('ADD points :v', { ':v': n(5) }), { points: n(5) }),
  'ADD adds to a number, also a negative one': change(
    { points: n(5) },
    by('ADD points :v', { ':v': n(-7) }),
    { points: n(-2) },
  ),
  async 'ADD unites sets and DELETE takes from them'({ db, tables, id }) {
    const key = { pk: s(id) };
    await db.put(tables.plain, { ...key, a: { SS: ['x', 'y'] }, b: { NS: ['1', '2'] } });
    await db.update(
      tables.plain,
      key,
      'ADD a :a DELETE b :b',
      given({ ':a': { SS: ['y', 'z'] }, ':b': { NS: ['2.0', '3'] } }),
    );
    const item = await db.get(tables.plain, key);
    assert.deepEqual(item?.a?.SS?.toSorted(), ['x', 'y', 'z']);
    assert.deepEqual(item?.b?.NS, ['1']);
  },
  'DELETE of the last member of a set removes the attribute': change(
    { tags: { SS: ['x'] }, v: n(1) },
    by('DELETE tags :x', { ':x': { SS: ['x'] } }),
    { v: n(1) },
  ),
  'DELETE from a set that is not there changes nothing': change(
    { v: n(1) },
    by('DELETE tags :x', { ':x': { SS: ['x'] } }),
    { v: n(1) },
  ),
  'All four clauses of an update work together': change(
    { a: n(1), b: n(1), c: n(1), d: { SS: ['x', 'y'] } },
    by('DELETE d :d ADD c :one REMOVE b SET a = :two', { ...one, ':two': n(2), ':d': { SS: ['y'] } }),
    { a: n(2), c: n(2), d: { SS: ['x'] } },
  ),
  async 'ReturnValues of an update: the whole item or what was updated, before or after'({ db, tables, id }) {
    const key = { pk: s(id) };
    await db.put(tables.plain, { ...key, a: n(1), b: n(1) });
    const returned = async (ReturnValues: 'ALL_OLD' | 'UPDATED_OLD' | 'ALL_NEW' | 'UPDATED_NEW' | 'NONE') => {
      const output = await db.update(tables.plain, key, 'SET a = a + :one', {
        ReturnValues,
        ExpressionAttributeValues: one,
      });
      return output.Attributes;
    };
    assert.deepEqual(await returned('ALL_OLD'), { ...key, a: n(1), b: n(1) });
    assert.deepEqual(await returned('UPDATED_OLD'), { a: n(2) });
    assert.deepEqual(await returned('ALL_NEW'), { ...key, a: n(4), b: n(1) });
    assert.deepEqual(await returned('UPDATED_NEW'), { a: n(5) });
    assert.equal(await returned('NONE'), undefined);
  },
  async 'ALL_OLD of an update that creates an item is absent'({ db, tables, id }) {
    const { Attributes } = await db.update(tables.plain, { pk: s(id) }, 'SET v = :one', {
      ReturnValues: 'ALL_OLD',
      ExpressionAttributeValues: one,
    });
    assert.equal(Attributes, undefined);
  },
  async 'UPDATED_OLD and UPDATED_NEW of a nested attribute show only the path to it'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id), m: map({ a: n(1), b: n(2) }) });
    const update = async (ReturnValues: 'UPDATED_OLD' | 'UPDATED_NEW') => {
      const more = { ReturnValues, ExpressionAttributeValues: { ':one': n(1) } };
      return (await db.update(tables.plain, { pk: s(id) }, 'SET m.a = m.a + :one', more)).Attributes;
    };
    assert.deepEqual(await update('UPDATED_OLD'), { m: map({ a: n(1) }) });
    assert.deepEqual(await update('UPDATED_NEW'), { m: map({ a: n(3) }) });
  },
  async 'Updates at once are applied one after the other'({ db, tables, id }) {
    const update = () => db.update(tables.plain, { pk: s(id) }, 'ADD v :one', given(one));
    await Promise.all(Array.from({ length: 25 }, update));
    assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.v, n(25));
  },
  'Arithmetic with an attribute that does not exist is refused': refusal(
    by('SET v = v + :one', one),
    'The provided expression refers to an attribute that does not exist in the item',
  ),
  'SET to an attribute that does not exist is refused': refusal(
    by('SET a = nowhere'),
    'The provided expression refers to an attribute that does not exist in the item',
    { a: n(1) },
  ),
  'Arithmetic with a string is refused': refusal(
    by('SET v = v + :one', one),
    'An operand in the update expression has an incorrect data type',
    { v: s('1') },
  ),
  'ADD of a number to a string is refused': refusal(
    by('ADD v :one', one),
    'An operand in the update expression has an incorrect data type',
    { v: s('1') },
  ),
  'ADD of a string is refused': refusal(
    by('ADD v :v', { ':v': s('x') }),
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: STRING, typeSet: ALLOWED_FOR_ADD_OPERAND',
  ),
  'DELETE of a number is refused': refusal(
    by('DELETE v :v', { ':v': n(1) }),
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: NUMBER, typeSet: ALLOWED_FOR_DELETE_OPERAND',
  ),
  'list_append of something other than a list is refused': refusal(
    by('SET l = list_append(l, :v)', { ':v': n(1) }),
    'Invalid UpdateExpression: Incorrect operand type for operator or function; operator or function: list_append, operand type: N',
    { l: list() },
  ),
  'SET below a map that is not there is refused': refusal(
    by('SET m.x = :one', one),
    'The document path provided in the update expression is invalid for update',
    { v: n(1) },
  ),
  'An update of the key is refused': refusal(
    by('SET pk = :v', { ':v': s('x') }),
    'One or more parameter values were invalid: Cannot update attribute pk. This attribute is part of the key',
  ),
  'Paths of one update may not overlap': refusal(
    by('SET a = :one, a.b = :one', one),
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a, b]',
  ),
  'A path of one update may not appear twice': refusal(
    by('SET a = :one REMOVE a', one),
    'Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path one: [a], path two: [a]',
  ),
  'A clause may appear once only': refusal(
    by('SET a = :one SET b = :one', one),
    'Invalid UpdateExpression: The "SET" section can only be used once in an update expression;',
  ),
  'An empty update expression is refused': refusal(
    by(''),
    'Invalid UpdateExpression: The expression can not be empty;',
  ),
  'A reserved word in an update is refused': refusal(
    by('SET status = :one', one),
    'Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status',
  ),
  'A syntax error in an update names its token': refusal(
    by('SET a == :one', one),
    'Invalid UpdateExpression: Syntax error; token: "=", near: "== :one"',
  ),
  'An unknown function is refused in an update': refusal(
    by('SET a = fn(:one)', one),
    'Invalid UpdateExpression: Invalid function name; function: fn',
  ),
  'A value that is not given is refused in an update': refusal(
    by('SET a = :missing'),
    'Invalid UpdateExpression: An expression attribute value used in expression is not defined; attribute value: :missing',
  ),
  'An update that ends too early is refused': refusal(
    by('SET a = :one +', one),
    'Invalid UpdateExpression: Syntax error; token: "<EOF>", near: "+"',
  ),
  'An update expression longer than 4 KB is refused': refusal(
    by(`SET ${'a'.repeat(4100)} = :one`, one),
    /^Invalid UpdateExpression: Expression size has exceeded the maximum allowed size;/,
  ),
  'A function of conditions is refused in an update': refusal(
    by('SET a = size(b)'),
    /Invalid UpdateExpression: The function is not allowed in an update expression; function: size/,
  ),
  async 'An update may not make an item larger than 400 KB'({ db, tables, id }) {
    const key = { pk: s(id) };
    await db.put(tables.plain, { ...key, a: s('y'.repeat(300 * 1024)) });
    await invalid(
      db.update(tables.plain, key, 'SET b = :b', given({ ':b': s('y'.repeat(200 * 1024)) })),
      'Item size to update has exceeded the maximum allowed size',
    );
  },
});
