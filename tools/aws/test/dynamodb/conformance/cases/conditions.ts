import assert from 'node:assert/strict';
import { invalid, refused } from '../assertions.ts';
import { bytes, type Item, list, map, n, s } from '../attribute-values.ts';
import { behaviour, type CaseGroup, type ConformanceCase, refuses } from '../case.ts';

interface Guard {
  readonly expression: string;
  readonly names?: Record<string, string>;
  readonly values?: Item;
}

const guarded = ({ expression, names, values }: Guard) => ({
  ConditionExpression: expression,
  ...(names && { ExpressionAttributeNames: names }),
  ...(values && { ExpressionAttributeValues: values }),
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
const condition = (name: string, holds: readonly Guard[], fails: readonly Guard[]): ConformanceCase => ({
  name,
  run: async ({ db, tables, id }) => {
    const item = { pk: s(id), ...STORED };
    await db.put(tables.plain, item);
    for (const guard of holds) await db.put(tables.plain, item, guarded(guard));
    for (const guard of fails) await refused(db.put(tables.plain, item, guarded(guard)), REFUSED, TEXT);
  },
});

/** A condition that is refused before any item is read. */
const malformed = (name: string, guard: Guard, message: string | RegExp): ConformanceCase =>
  refuses(name, ({ db, tables, id }) => db.put(tables.plain, { pk: s(id) }, guarded(guard)), message);

const ORDERED = { ':low': n(1), ':high': n(9) };

export const conditions: CaseGroup = {
  subject: 'conditions',
  cases: [
    behaviour(
      'attribute_not_exists(pk) lets the first write through and refuses the second',
      async ({ db, tables, id }) => {
        const absent = guarded({ expression: 'attribute_not_exists(pk)' });
        await db.put(tables.plain, { pk: s(id), v: n(1) }, absent);
        const refusal = await refused(db.put(tables.plain, { pk: s(id), v: n(2) }, absent), REFUSED, TEXT);
        assert.equal(refusal.status, 400);
        assert.equal(refusal.item, undefined);
        assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.v, n(1));
      },
    ),
    // https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_PutItem.html#DDB-PutItem-request-ReturnValuesOnConditionCheckFailure
    behaviour(
      'ReturnValuesOnConditionCheckFailure ALL_OLD shows the item that stands there',
      async ({ db, tables, id }) => {
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
    ),
    behaviour(
      'A condition that fails on an item that does not exist shows no item',
      async ({ db, tables, id }) => {
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
    ),
    behaviour('A refused update and a refused delete show the item, too', async ({ db, tables, id }) => {
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
    }),
    behaviour(
      'A replica takes only what is newer: attribute_not_exists(pk) OR #sequence < :sequence',
      async ({ db, tables, id }) => {
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
    ),
    behaviour(
      'A version, a status and an absent attribute guard one write together',
      async ({ db, tables, id }) => {
        await db.put(tables.plain, { pk: s(id), version: n(2), status: s('RESERVING'), holding: n(3) });
        const names = { '#version': 'version', '#status': 'status', '#holding': 'holding' };
        const values = { ':version': n(2), ':status': s('RESERVING') };
        const at = '#version = :version AND #status = :status AND ';
        const next = { pk: s(id), version: n(3) };
        const absent = { expression: `${at}attribute_not_exists(#holding)`, names, values };
        const same = {
          expression: `${at}#holding = :holding`,
          names,
          values: { ...values, ':holding': n(3) },
        };
        await refused(db.put(tables.plain, next, guarded(absent)), REFUSED);
        await db.put(tables.plain, next, guarded(same));
      },
    ),
    condition(
      'Comparisons hold for values of one type only',
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
    condition(
      'A comparison with an attribute that does not exist fails, but <> holds',
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
    condition(
      'BETWEEN includes both of its bounds',
      [
        { expression: 'num BETWEEN :low AND :high', values: ORDERED },
        { expression: 'num BETWEEN :v AND :v', values: { ':v': n(5) } },
        { expression: 'NOT num BETWEEN :a AND :b', values: { ':a': n(6), ':b': n(9) } },
      ],
      [{ expression: 'num BETWEEN :a AND :b', values: { ':a': n(6), ':b': n(9) } }],
    ),
    condition(
      'IN holds when one of the values is equal',
      [{ expression: 'num IN (:a, :b)', values: { ':a': n(1), ':b': n(5) } }],
      [{ expression: 'num IN (:a, :b)', values: { ':a': n(1), ':b': s('5') } }],
    ),
    condition(
      'begins_with looks at strings and bytes',
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
    condition(
      'contains looks into strings, bytes, sets and lists',
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
    condition(
      'size counts characters, members and entries',
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
    condition(
      'attribute_type compares the type of an attribute',
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
    condition(
      'A document path goes into maps and lists',
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
    condition(
      'NOT binds tighter than AND, and AND tighter than OR',
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
    condition(
      'Keywords of conditions are written in any case',
      [{ expression: 'num between :low and :high or attribute_exists(nowhere)', values: ORDERED }],
      [{ expression: 'not attribute_exists(word)' }],
    ),
    condition(
      'Sets and maps are equal whatever the order of their members',
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
    malformed(
      'A condition that ends too early is refused',
      { expression: 'version =' },
      'Invalid ConditionExpression: Syntax error; token: "<EOF>", near: "="',
    ),
    malformed(
      'An empty condition is refused',
      { expression: '' },
      'Invalid ConditionExpression: The expression can not be empty;',
    ),
    malformed(
      'A name that no expression uses is refused',
      { expression: 'attribute_exists(pk)', names: { '#x': 'x' } },
      'Value provided in ExpressionAttributeNames unused in expressions: keys: {#x}',
    ),
    malformed(
      'A value that no expression uses is refused',
      { expression: 'attribute_exists(pk)', values: { ':x': n(1) } },
      'Value provided in ExpressionAttributeValues unused in expressions: keys: {:x}',
    ),
    malformed(
      'A value that is not given is refused',
      { expression: 'v = :missing' },
      'Invalid ConditionExpression: An expression attribute value used in expression is not defined; attribute value: :missing',
    ),
    malformed(
      'A name that is not given is refused',
      { expression: 'attribute_exists(#missing)' },
      'Invalid ConditionExpression: An expression attribute name used in the document path is not defined; attribute name: #missing',
    ),
    malformed(
      'A reserved word as attribute name is refused',
      { expression: 'status = :v', values: { ':v': s('x') } },
      'Invalid ConditionExpression: Attribute name is a reserved keyword; reserved keyword: status',
    ),
    malformed(
      'An unknown function is refused',
      { expression: 'starts_with(pk, :v)', values: { ':v': s('x') } },
      'Invalid ConditionExpression: Invalid function name; function: starts_with',
    ),
    malformed(
      'A function with too few operands is refused',
      { expression: 'begins_with(pk)' },
      'Invalid ConditionExpression: Incorrect number of operands for operator or function; operator or function: begins_with, number of operands: 1',
    ),
    malformed(
      'begins_with a number is refused',
      { expression: 'begins_with(pk, :v)', values: { ':v': n(1) } },
      'Invalid ConditionExpression: Incorrect operand type for operator or function; operator or function: begins_with, operand type: N',
    ),
    malformed(
      'BETWEEN with a lower bound above the upper is refused',
      { expression: 'v BETWEEN :a AND :b', values: { ':a': n(2), ':b': n(1) } },
      'Invalid ConditionExpression: The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: {N:2}, upper bound operand: AttributeValue: {N:1}',
    ),
    malformed(
      'BETWEEN with bounds of two types is refused',
      { expression: 'v BETWEEN :a AND :b', values: { ':a': n(2), ':b': s('1') } },
      /BETWEEN operator requires same data type for lower and upper bounds/,
    ),
    malformed(
      'A comparison of an attribute with itself is refused',
      { expression: 'v = v' },
      /The first operand must be distinct from the remaining operands for this operator or function; operator: =, first operand: \[v\]/,
    ),
    malformed(
      'IN takes up to 100 values',
      {
        expression: `v IN (${Array.from({ length: 101 }, (_, i) => `:v${i}`).join(', ')})`,
        values: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`:v${i}`, n(i)])),
      },
      /Invalid ConditionExpression: /,
    ),
    malformed(
      'A condition longer than 4 KB is refused',
      { expression: `attribute_exists(${'a'.repeat(4097)})` },
      /Expression size has exceeded the maximum allowed size/,
    ),
    malformed(
      'A comparison of a map with > is refused',
      { expression: 'doc > :v', values: { ':v': map({}) } },
      /Incorrect operand type for operator or function; operator( or function)?: >, operand type: M$/,
    ),
    malformed(
      'attribute_exists of a value is refused',
      { expression: 'attribute_exists(:v)', values: { ':v': n(1) } },
      'Invalid ConditionExpression: Operator or function requires a document path; operator or function: attribute_exists',
    ),
    malformed(
      'size alone is no condition',
      { expression: 'size(word)' },
      'Invalid ConditionExpression: The function is not allowed to be used this way in an expression; function: size',
    ),
    malformed(
      'A character that no expression has is refused',
      { expression: 'num ! :v', values: { ':v': n(1) } },
      /Invalid ConditionExpression: Syntax error; token: "!", near: /,
    ),
    behaviour('A condition has up to 300 operators', async ({ db, tables, id }) => {
      // Each NOT, each function and each AND is one.
      const put = (functions: number) => {
        const expression = Array.from({ length: functions }, () => 'NOT attribute_exists(a)').join(' AND ');
        return db.put(tables.plain, { pk: s(id) }, guarded({ expression }));
      };
      await put(100);
      await invalid(put(101), /^Invalid ConditionExpression: The expression contains too many operators/);
    }),
    malformed(
      'Superfluous parentheses are refused',
      { expression: '((attribute_exists(pk)))' },
      'Invalid ConditionExpression: The expression has redundant parentheses;',
    ),
    refuses(
      'Values without an expression are refused',
      ({ db, tables, id }) =>
        db.put(tables.plain, { pk: s(id) }, { ExpressionAttributeValues: { ':v': n(1) } }),
      'ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null',
    ),
    refuses(
      'Names without an expression are refused',
      ({ db, tables, id }) =>
        db.put(tables.plain, { pk: s(id) }, { ExpressionAttributeNames: { '#a': 'a' } }),
      'ExpressionAttributeNames can only be specified when using expressions',
    ),
    behaviour('A conditional delete that fails leaves the item', async ({ db, tables, id }) => {
      await db.put(tables.plain, { pk: s(id), v: n(1) });
      const guard = guarded({ expression: 'v = :v', values: { ':v': n(2) } });
      await refused(db.delete(tables.plain, { pk: s(id) }, guard), REFUSED, TEXT);
      assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.v, n(1));
    }),
    behaviour('Of many conditional puts at once exactly one succeeds', async ({ db, tables, id }) => {
      const absent = guarded({ expression: 'attribute_not_exists(pk)' });
      const writes = Array.from({ length: 20 }, (_, v) =>
        db.put(tables.plain, { pk: s(id), v: n(v) }, absent),
      );
      const results = await Promise.allSettled(writes);
      assert.equal(results.filter(({ status }) => status === 'fulfilled').length, 1);
    }),
  ],
};
