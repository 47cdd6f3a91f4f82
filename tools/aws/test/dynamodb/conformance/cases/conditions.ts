import assert from 'node:assert/strict';
import { invalid, refused } from '../assertions.ts';
import { bytes, given, type Item, list, map, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';

interface Guard {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

const guarded = ({ expression, names, values }: Guard) => ({
  ConditionExpression: expression,
  ...(names && { ExpressionAttributeNames: names }),
  ...(values && given(values)),
});

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
    for (const guard of holds) await db.put(tables.plain, item, guarded(guard));
    for (const guard of fails) await refused(db.put(tables.plain, item, guarded(guard)), REFUSED, TEXT);
  };

/** A condition that is refused before any item is read. */
const malformed = (guard: Guard, message: string | RegExp) =>
  refuses(({ db, tables, id }) => db.put(tables.plain, { pk: s(id) }, guarded(guard)), message);

const ORDERED = { ':low': n(1), ':high': n(9) };

export const conditions = group('conditions', {
  async 'attribute_not_exists(pk) lets the first write through and refuses the second'({ db, tables, id }) {
    const absent = guarded({ expression: 'attribute_not_exists(pk)' });
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
    const refusal = await refused(
      db.put(
        tables.plain,
        { pk: s(id), v: n(2) },
        {
          ...guarded({ expression: 'attribute_not_exists(pk)' }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      ),
      REFUSED,
      TEXT,
    );
    assert.deepEqual(refusal.item, item);
  },
  async 'A condition that fails on an item that does not exist shows no item'({ db, tables, id }) {
    const refusal = await refused(
      db.put(
        tables.plain,
        { pk: s(id), v: n(2) },
        {
          ...guarded({
            expression: '#version = :read',
            names: { '#version': 'version' },
            values: { ':read': n(1) },
          }),
          ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
        },
      ),
      REFUSED,
      TEXT,
    );
    assert.equal(refusal.item, undefined);
  },
  async 'A refused update and a refused delete show the item, too'({ db, tables, id }) {
    const item = { pk: s(id), v: n(1) };
    await db.put(tables.plain, item);
    const guard = {
      ...guarded({ expression: 'attribute_not_exists(pk)' }),
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD' as const,
    };
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
        guarded({
          expression: 'attribute_not_exists(pk) OR #sequence < :sequence',
          names: { '#sequence': 'sequence' },
          values: { ':sequence': n(sequence) },
        }),
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
      { expression: 'num > :low AND num < :high', values: ORDERED },
      { expression: 'num >= :v AND num <= :v', values: { ':v': n(5) } },
      { expression: 'word <> :v', values: { ':v': n(5) } },
      { expression: 'word < :v', values: { ':v': s('cherry') } },
    ],
    [
      { expression: 'num > :v', values: { ':v': s('1') } },
      { expression: 'word < :v', values: { ':v': n(9) } },
      { expression: 'num = :v', values: { ':v': s('5') } },
    ],
  ),
  'A comparison with an attribute that does not exist fails, but <> holds': condition(
    [
      { expression: 'nowhere <> :v', values: { ':v': n(1) } },
      { expression: 'NOT nowhere = :v', values: { ':v': n(1) } },
    ],
    [
      { expression: 'nowhere = :v', values: { ':v': n(1) } },
      { expression: 'nowhere < :v', values: { ':v': n(1) } },
      { expression: 'nowhere BETWEEN :low AND :high', values: ORDERED },
    ],
  ),
  'BETWEEN includes both of its bounds': condition(
    [
      { expression: 'num BETWEEN :low AND :high', values: ORDERED },
      { expression: 'num BETWEEN :v AND :v', values: { ':v': n(5) } },
      { expression: 'NOT num BETWEEN :a AND :b', values: { ':a': n(6), ':b': n(9) } },
    ],
    [{ expression: 'num BETWEEN :a AND :b', values: { ':a': n(6), ':b': n(9) } }],
  ),
  'IN holds when one of the values is equal': condition(
    [{ expression: 'num IN (:a, :b)', values: { ':a': n(1), ':b': n(5) } }],
    [{ expression: 'num IN (:a, :b)', values: { ':a': n(1), ':b': s('5') } }],
  ),
  'begins_with looks at strings and bytes': condition(
    [
      { expression: 'begins_with(word, :v)', values: { ':v': s('ban') } },
      { expression: 'begins_with(octets, :v)', values: { ':v': bytes(104, 101) } },
    ],
    [
      { expression: 'begins_with(word, :v)', values: { ':v': s('an') } },
      { expression: 'begins_with(num, :v)', values: { ':v': s('5') } },
      { expression: 'begins_with(nowhere, :v)', values: { ':v': s('b') } },
    ],
  ),
  'contains looks into strings, bytes, sets and lists': condition(
    [
      { expression: 'contains(word, :v)', values: { ':v': s('nan') } },
      { expression: 'contains(octets, :v)', values: { ':v': bytes(101, 108) } },
      { expression: 'contains(tags, :v)', values: { ':v': s('red') } },
      { expression: 'contains(sizes, :v)', values: { ':v': n('2.0') } },
      { expression: 'contains(entries, :v)', values: { ':v': n(2) } },
    ],
    [
      { expression: 'contains(tags, :v)', values: { ':v': s('re') } },
      { expression: 'contains(entries, :v)', values: { ':v': s('2') } },
      { expression: 'contains(nowhere, :v)', values: { ':v': s('2') } },
    ],
  ),
  'size counts characters, members and entries': condition(
    [
      { expression: 'size(word) = :v', values: { ':v': n(6) } },
      { expression: 'size(tags) = :v AND size(entries) = :v AND size(doc) = :v', values: { ':v': n(2) } },
      { expression: 'size(word) > size(entries)' },
    ],
    [
      { expression: 'size(num) = :v', values: { ':v': n(1) } },
      { expression: 'size(nowhere) >= :v', values: { ':v': n(0) } },
    ],
  ),
  'attribute_type compares the type of an attribute': condition(
    [
      { expression: 'attribute_type(word, :v)', values: { ':v': s('S') } },
      { expression: 'attribute_type(tags, :v)', values: { ':v': s('SS') } },
      { expression: 'attribute_type(flag, :v)', values: { ':v': s('BOOL') } },
      { expression: 'attribute_type(nil, :v)', values: { ':v': s('NULL') } },
      { expression: 'attribute_type(doc.deep, :v)', values: { ':v': s('M') } },
    ],
    [
      { expression: 'attribute_type(word, :v)', values: { ':v': s('N') } },
      { expression: 'attribute_type(nowhere, :v)', values: { ':v': s('NULL') } },
    ],
  ),
  'A document path goes into maps and lists': condition(
    [
      { expression: 'doc.deep.leaf = :v', values: { ':v': n(7) } },
      { expression: 'entries[1] = :v', values: { ':v': n(2) } },
      {
        expression: 'doc.#dotted = :v',
        names: { '#dotted': 'dotted.name' },
        values: { ':v': s('x') },
      },
      { expression: 'attribute_exists(doc.deep.leaf)' },
      { expression: 'attribute_not_exists(entries[2])' },
    ],
    [{ expression: 'attribute_exists(doc.deep.leaf.deeper)' }, { expression: 'attribute_exists(word[0])' }],
  ),
  'NOT binds tighter than AND, and AND tighter than OR': condition(
    [
      { expression: 'attribute_exists(word) OR attribute_exists(a) AND attribute_exists(b)' },
      { expression: 'NOT attribute_exists(a) AND attribute_exists(word)' },
    ],
    [
      { expression: '(attribute_exists(word) OR attribute_exists(a)) AND attribute_exists(b)' },
      { expression: 'NOT (attribute_exists(a) OR attribute_exists(word))' },
      { expression: '(num) = :v', values: { ':v': n(6) } },
    ],
  ),
  'Keywords of conditions are written in any case': condition(
    [{ expression: 'num between :low and :high or attribute_exists(nowhere)', values: ORDERED }],
    [{ expression: 'not attribute_exists(word)' }],
  ),
  'Sets and maps are equal whatever the order of their members': condition(
    [
      { expression: 'tags = :v', values: { ':v': { SS: ['green', 'red'] } } },
      { expression: 'sizes = :v', values: { ':v': { NS: ['2', '1.0'] } } },
      {
        expression: 'doc = :v',
        values: { ':v': map({ 'dotted.name': s('x'), deep: map({ leaf: n(7) }) }) },
      },
    ],
    [{ expression: 'entries = :v', values: { ':v': list(n(2), s('a')) } }],
  ),
  'A condition that ends too early is refused': malformed(
    { expression: 'version =' },
    'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
  ),
  'An empty condition is refused': malformed(
    { expression: '' },
    'Invalid ConditionExpression: The expression can not be empty;',
  ),
  'A name that no expression uses is refused': malformed(
    { expression: 'attribute_exists(pk)', names: { '#x': 'x' } },
    'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
  ),
  'A value that no expression uses is refused': malformed(
    { expression: 'attribute_exists(pk)', values: { ':x': n(1) } },
    'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
  ),
  'A value that is not given is refused': malformed(
    { expression: 'v = :missing' },
    'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :missing',
  ),
  'A name that is not given is refused': malformed(
    { expression: 'attribute_exists(#missing)' },
    'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #missing',
  ),
  'A reserved word as attribute name is refused': malformed(
    { expression: 'status = :v', values: { ':v': s('x') } },
    'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status',
  ),
  'An unknown function is refused': malformed(
    { expression: 'starts_with(pk, :v)', values: { ':v': s('x') } },
    'Invalid ConditionExpression: Invalid function name; function: starts_with',
  ),
  'A function with too few operands is refused': malformed(
    { expression: 'begins_with(pk)' },
    'Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
  ),
  'begins_with a number is refused': malformed(
    { expression: 'begins_with(pk, :v)', values: { ':v': n(1) } },
    'Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
  ),
  'BETWEEN with a lower bound above the upper is refused': malformed(
    { expression: 'v BETWEEN :a AND :b', values: { ':a': n(2), ':b': n(1) } },
    'Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
  ),
  'BETWEEN with bounds of two types is refused': malformed(
    { expression: 'v BETWEEN :a AND :b', values: { ':a': n(2), ':b': s('1') } },
    /BETWEEN operator requires same data type for lower and upper bounds/,
  ),
  'A comparison of an attribute with itself is refused': malformed(
    { expression: 'v = v' },
    /The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: \[v\]/,
  ),
  'IN takes up to 100 values': malformed(
    {
      expression: `v IN (${Array.from({ length: 101 }, (_, i) => `:v${i}`).join(', ')})`,
      values: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`:v${i}`, n(i)])),
    },
    /Invalid ConditionExpression: /,
  ),
  'A condition longer than 4 KB is refused': malformed(
    { expression: `attribute_exists(${'a'.repeat(4097)})` },
    /Expression size has exceeded the maximum allowed size/,
  ),
  'A comparison of a map with > is refused': malformed(
    { expression: 'doc > :v', values: { ':v': map({}) } },
    /Incorrect operand type for operator or function; operator( or function)?: >, operand type: M$/,
  ),
  'attribute_exists of a value is refused': malformed(
    { expression: 'attribute_exists(:v)', values: { ':v': n(1) } },
    'Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists',
  ),
  'size alone is no condition': malformed(
    { expression: 'size(word)' },
    'Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size',
  ),
  'A character that no expression has is refused': malformed(
    { expression: 'num ! :v', values: { ':v': n(1) } },
    /Invalid ConditionExpression: Syntax error; token: "!", near: /,
  ),
  async 'A condition has up to 300 operators'({ db, tables, id }) {
    // Each NOT, each function and each AND is one.
    const put = (functions: number) => {
      const expression = Array.from({ length: functions }, () => 'NOT attribute_exists(a)').join(' AND ');
      return db.put(tables.plain, { pk: s(id) }, guarded({ expression }));
    };
    await put(100);
    await invalid(put(101), /^Invalid ConditionExpression: The expression contains too many operators/);
  },
  'Superfluous parentheses are refused': malformed(
    { expression: '((attribute_exists(pk)))' },
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
    const absent = guarded({ expression: 'attribute_not_exists(pk)' });
    const writes = Array.from({ length: 20 }, (_, v) => db.put(tables.plain, { pk: s(id), v: n(v) }, absent));
    const results = await Promise.allSettled(writes);
    assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
  },
});
