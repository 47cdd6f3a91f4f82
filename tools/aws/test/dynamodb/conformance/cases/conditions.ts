import assert from 'node:assert/strict';
import { invalid, refused } from '../assertions.ts';
import { bytes, given, type Item, list, map, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';

const when = (ConditionExpression: string, values?: Item, names?: Record<string, string>) => ({
  ConditionExpression,
  ...(values && given(values)),
  ...(names && { ExpressionAttributeNames: names }),
});
type Guard = ReturnType<typeof when>;

const OLD = { ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

const REFUSED = 'ConditionalCheckFailedException';
const TEXT = 'The conditional request failed';

const STORED: Item = {
  word: s('banana'),
  octets: bytes(104, 101, 108, 108, 111),
  num: n(5),
  tags: { SS: ['red', 'green'] },
  sizes: { NS: ['1', '2'] },
  entries: list(s('a'), n(2)),
  doc: map({ deep: map({ leaf: n(7) }), 'dotted.name': s('x') }),
  flag: { BOOL: true },
  nil: { NULL: true },
};

/** Stores one item and states for which condition it may be written and for which not. */
const condition =
  (holds: readonly Guard[], fails: readonly Guard[]) =>
  async ({ db, tables, id }: CaseContext): Promise<void> => {
    const item = { pk: s(id), ...STORED };
    await db.put(tables.plain, item);
    for (const guard of holds) await db.put(tables.plain, item, guard);
    for (const guard of fails) await refused(db.put(tables.plain, item, guard), REFUSED, TEXT);
  };

/** A condition that is refused before any item is read. */
const malformed = (guard: Guard, message: string | RegExp) =>
  refuses(({ db, tables, id }) => db.put(tables.plain, { pk: s(id) }, guard), message);

const ORDERED = { ':low': n(1), ':high': n(9) };

export const conditions = group('conditions', {
  async 'attribute_not_exists(pk) lets the first write through and refuses the second'({ db, tables, id }) {
    const absent = when('attribute_not_exists(pk)');
    await db.put(tables.plain, { pk: s(id), v: n(1) }, absent);
    const refusal = await refused(db.put(tables.plain, { pk: s(id), v: n(2) }, absent), REFUSED, TEXT);
    assert.equal(refusal.status, 400);
    assert.equal(refusal.item, undefined);
    assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.v, n(1));
  },
  // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html#DDB-PutItem-request-ReturnValuesOnConditionCheckFailure
  async 'ReturnValuesOnConditionCheckFailure ALL_OLD shows the item that stands there'({ db, tables, id }) {
    const item = { pk: s(id), v: n(1), outbox: map({ events: list(map({ body: s('{}') })) }) };
    await db.put(tables.plain, item);
    const guard = { ...when('attribute_not_exists(pk)'), ...OLD };
    const refusal = await refused(db.put(tables.plain, { pk: s(id), v: n(2) }, guard), REFUSED, TEXT);
    assert.deepEqual(refusal.item, item);
  },
  async 'A condition that fails on an item that does not exist shows no item'({ db, tables, id }) {
    const guard = { ...when('#version = :read', { ':read': n(1) }, { '#version': 'version' }), ...OLD };
    const refusal = await refused(db.put(tables.plain, { pk: s(id), v: n(2) }, guard), REFUSED, TEXT);
    assert.equal(refusal.item, undefined);
  },
  async 'A refused update and a refused delete show the item, too'({ db, tables, id }) {
    const item = { pk: s(id), v: n(1) };
    await db.put(tables.plain, item);
    const guard = { ...when('attribute_not_exists(pk)'), ...OLD };
    const update = await refused(db.update(tables.plain, { pk: s(id) }, 'REMOVE v', guard), REFUSED, TEXT);
    const remove = await refused(db.delete(tables.plain, { pk: s(id) }, guard), REFUSED, TEXT);
    assert.deepEqual([update.item, remove.item], [item, item]);
    assert.deepEqual(await db.get(tables.plain, { pk: s(id) }), item);
  },
  async 'A replica takes only what is newer: attribute_not_exists(pk) OR #sequence < :sequence'({
    db,
    tables,
    id,
  }) {
    const write = (sequence: number) =>
      db.put(
        tables.plain,
        { pk: s(id), sequence: n(sequence) },
        when(
          'attribute_not_exists(pk) OR #sequence < :sequence',
          { ':sequence': n(sequence) },
          { '#sequence': 'sequence' },
        ),
      );
    await write(1);
    await write(3);
    await refused(write(2), REFUSED);
    await refused(write(3), REFUSED);
    await write(4);
    assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.sequence, n(4));
  },
  'Comparisons hold for values of one type only': condition(
    [
      when('num > :low AND num < :high', ORDERED),
      when('num >= :v AND num <= :v', { ':v': n(5) }),
      when('word <> :v', { ':v': n(5) }),
      when('word < :v', { ':v': s('cherry') }),
    ],
    [
      when('num > :v', { ':v': s('1') }),
      when('word < :v', { ':v': n(9) }),
      when('num = :v', { ':v': s('5') }),
    ],
  ),
  'A comparison with an attribute that does not exist fails, but <> holds': condition(
    [when('nowhere <> :v', { ':v': n(1) }), when('NOT nowhere = :v', { ':v': n(1) })],
    [
      when('nowhere = :v', { ':v': n(1) }),
      when('nowhere < :v', { ':v': n(1) }),
      when('nowhere BETWEEN :low AND :high', ORDERED),
    ],
  ),
  'BETWEEN includes both of its bounds': condition(
    [
      when('num BETWEEN :low AND :high', ORDERED),
      when('num BETWEEN :v AND :v', { ':v': n(5) }),
      when('NOT num BETWEEN :a AND :b', { ':a': n(6), ':b': n(9) }),
    ],
    [when('num BETWEEN :a AND :b', { ':a': n(6), ':b': n(9) })],
  ),
  'IN holds when one of the values is equal': condition(
    [when('num IN (:a, :b)', { ':a': n(1), ':b': n(5) })],
    [when('num IN (:a, :b)', { ':a': n(1), ':b': s('5') })],
  ),
  'begins_with looks at strings and bytes': condition(
    [
      when('begins_with(word, :v)', { ':v': s('ban') }),
      when('begins_with(octets, :v)', { ':v': bytes(104, 101) }),
    ],
    [
      when('begins_with(word, :v)', { ':v': s('an') }),
      when('begins_with(num, :v)', { ':v': s('5') }),
      when('begins_with(nowhere, :v)', { ':v': s('b') }),
    ],
  ),
  'contains looks into strings, bytes, sets and lists': condition(
    [
      when('contains(word, :v)', { ':v': s('nan') }),
      when('contains(octets, :v)', { ':v': bytes(101, 108) }),
      when('contains(tags, :v)', { ':v': s('red') }),
      when('contains(sizes, :v)', { ':v': n('2.0') }),
      when('contains(entries, :v)', { ':v': n(2) }),
    ],
    [
      when('contains(tags, :v)', { ':v': s('re') }),
      when('contains(entries, :v)', { ':v': s('2') }),
      when('contains(nowhere, :v)', { ':v': s('2') }),
    ],
  ),
  'size counts characters, members and entries': condition(
    [
      when('size(word) = :v', { ':v': n(6) }),
      when('size(tags) = :v AND size(entries) = :v AND size(doc) = :v', { ':v': n(2) }),
      when('size(word) > size(entries)'),
    ],
    [when('size(num) = :v', { ':v': n(1) }), when('size(nowhere) >= :v', { ':v': n(0) })],
  ),
  'attribute_type compares the type of an attribute': condition(
    [
      when('attribute_type(word, :v)', { ':v': s('S') }),
      when('attribute_type(tags, :v)', { ':v': s('SS') }),
      when('attribute_type(flag, :v)', { ':v': s('BOOL') }),
      when('attribute_type(nil, :v)', { ':v': s('NULL') }),
      when('attribute_type(doc.deep, :v)', { ':v': s('M') }),
    ],
    [
      when('attribute_type(word, :v)', { ':v': s('N') }),
      when('attribute_type(nowhere, :v)', { ':v': s('NULL') }),
    ],
  ),
  'A document path goes into maps and lists': condition(
    [
      when('doc.deep.leaf = :v', { ':v': n(7) }),
      when('entries[1] = :v', { ':v': n(2) }),
      when('doc.#dotted = :v', { ':v': s('x') }, { '#dotted': 'dotted.name' }),
      when('attribute_exists(doc.deep.leaf)'),
      when('attribute_not_exists(entries[2])'),
    ],
    [when('attribute_exists(doc.deep.leaf.deeper)'), when('attribute_exists(word[0])')],
  ),
  'NOT binds tighter than AND, and AND tighter than OR': condition(
    [
      when('attribute_exists(word) OR attribute_exists(a) AND attribute_exists(b)'),
      when('NOT attribute_exists(a) AND attribute_exists(word)'),
    ],
    [
      when('(attribute_exists(word) OR attribute_exists(a)) AND attribute_exists(b)'),
      when('NOT (attribute_exists(a) OR attribute_exists(word))'),
      when('(num) = :v', { ':v': n(6) }),
    ],
  ),
  'Keywords of conditions are written in any case': condition(
    [when('num between :low and :high or attribute_exists(nowhere)', ORDERED)],
    [when('not attribute_exists(word)')],
  ),
  'Sets and maps are equal whatever the order of their members': condition(
    [
      when('tags = :v', { ':v': { SS: ['green', 'red'] } }),
      when('sizes = :v', { ':v': { NS: ['2', '1.0'] } }),
      when('doc = :v', { ':v': map({ 'dotted.name': s('x'), deep: map({ leaf: n(7) }) }) }),
    ],
    [when('entries = :v', { ':v': list(n(2), s('a')) })],
  ),
  'A condition that ends too early is refused': malformed(
    when('version ='),
    'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
  ),
  'An empty condition is refused': malformed(
    when(''),
    'Invalid ConditionExpression: The expression can not be empty;',
  ),
  'A name that no expression uses is refused': malformed(
    when('attribute_exists(pk)', undefined, { '#x': 'x' }),
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
  ),
  'A value that no expression uses is refused': malformed(
    when('attribute_exists(pk)', { ':x': n(1) }),
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
  ),
  'A value that is not given is refused': malformed(
    when('v = :missing'),
    'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :missing',
  ),
  'A name that is not given is refused': malformed(
    when('attribute_exists(#missing)'),
    'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #missing',
  ),
  'A reserved word as attribute name is refused': malformed(
    when('status = :v', { ':v': s('x') }),
    'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status',
  ),
  'An unknown function is refused': malformed(
    when('starts_with(pk, :v)', { ':v': s('x') }),
    'Invalid ConditionExpression: Invalid function name; function: starts_with',
  ),
  'A function with too few operands is refused': malformed(
    when('begins_with(pk)'),
    'Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
  ),
  'begins_with a number is refused': malformed(
    when('begins_with(pk, :v)', { ':v': n(1) }),
    'Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
  ),
  'BETWEEN with a lower bound above the upper is refused': malformed(
    when('v BETWEEN :a AND :b', { ':a': n(2), ':b': n(1) }),
    'Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
  ),
  'BETWEEN with bounds of two types is refused': malformed(
    when('v BETWEEN :a AND :b', { ':a': n(2), ':b': s('1') }),
    /BETWEEN operator requires same data type for lower and upper bounds/,
  ),
  'A comparison of an attribute with itself is refused': malformed(
    when('v = v'),
    /The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: \[v\]/,
  ),
  'IN takes up to 100 values': malformed(
    when(
      `v IN (${Array.from({ length: 101 }, (_, i) => `:v${i}`).join(', ')})`,
      Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`:v${i}`, n(i)])),
    ),
    /Invalid ConditionExpression: /,
  ),
  'A condition longer than 4 KB is refused': malformed(
    when(`attribute_exists(${'a'.repeat(4097)})`),
    /Expression size has exceeded the maximum allowed size/,
  ),
  'A comparison of a map with > is refused': malformed(
    when('doc > :v', { ':v': map({}) }),
    /Incorrect operand type for operator or function; operator( or function)?: >, operand type: M$/,
  ),
  'attribute_exists of a value is refused': malformed(
    when('attribute_exists(:v)', { ':v': n(1) }),
    'Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists',
  ),
  'size alone is no condition': malformed(
    when('size(word)'),
    'Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size',
  ),
  'A character that no expression has is refused': malformed(
    when('num ! :v', { ':v': n(1) }),
    /Invalid ConditionExpression: Syntax error; token: "!", near: /,
  ),
  async 'A condition has up to 300 operators'({ db, tables, id }) {
    // Each NOT, each function and each AND is one.
    const put = (functions: number) => {
      const expression = Array.from({ length: functions }, () => 'NOT attribute_exists(a)').join(' AND ');
      return db.put(tables.plain, { pk: s(id) }, when(expression));
    };
    await put(100);
    await invalid(put(101), /^Invalid ConditionExpression: The expression contains too many operators/);
  },
  'Superfluous parentheses are refused': malformed(
    when('((attribute_exists(pk)))'),
    'Invalid ConditionExpression: The expression has redundant parentheses;',
  ),
  'Values without an expression are refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id) }, given({ ':v': n(1) })),
    'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
  ),
  'Names without an expression are refused': refuses(
    ({ db, tables, id }) => db.put(tables.plain, { pk: s(id) }, { ExpressionAttributeNames: { '#a': 'a' } }),
    'ExpressionAttributeNames can only be specified when using expressions',
  ),
  async 'Of many conditional puts at once exactly one succeeds'({ db, tables, id }) {
    const absent = when('attribute_not_exists(pk)');
    const writes = Array.from({ length: 20 }, (_, v) => db.put(tables.plain, { pk: s(id), v: n(v) }, absent));
    const results = await Promise.allSettled(writes);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  },
});
