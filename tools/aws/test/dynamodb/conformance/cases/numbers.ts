import assert from 'node:assert/strict';
import { given, n, s } from '../attribute-values.ts';
import { type CaseContext, group, refuses } from '../case.ts';

const store = async ({ db, tables, id }: CaseContext, number: string): Promise<string | undefined> => {
  await db.put(tables.plain, { pk: s(id), number: n(number) });
  return (await db.get(tables.plain, { pk: s(id) }))?.number?.N;
};

const normalized = (written: string, read: string) => async (context: CaseContext) =>
  assert.equal(await store(context, written), read);

const rejected = (written: string, message: string) => refuses((context) => store(context, written), message);

const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW =
  'Number underflow. Attempting to store a number with magnitude smaller than supported range';

export const numbers = group('numbers', {
  'A number keeps 38 significant digits': normalized(
    '12345678901234567890123456789012345678',
    '12345678901234567890123456789012345678',
  ),
  'A number loses trailing zeros after the point': normalized('1.500', '1.5'),
  'A number loses leading zeros': normalized('00012', '12'),
  'A number in scientific notation is read as digits': normalized('1.25e3', '1250'),
  'Minus zero is zero': normalized('-0', '0'),
  'A number beyond the safe integers keeps its value': normalized('9007199254740993', '9007199254740993'),
  'A small fraction keeps its value': normalized('0.000000000000000000001', '0.000000000000000000001'),
  'A number with 39 significant digits is refused': rejected(
    '123456789012345678901234567890123456789',
    'Attempting to store more than 38 significant digits in a Number',
  ),
  'A number of 1E126 is refused': rejected('1E126', OVERFLOW),
  'A number of 1E-131 is refused': rejected('1E-131', UNDERFLOW),
  'Text is no number': rejected('abc', 'The parameter cannot be converted to a numeric value: abc'),
  'An empty string is no number': rejected('', 'The parameter cannot be converted to a numeric value'),
  // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types-numbers
  async 'The largest and the smallest number are stored'(context) {
    const largest = `${'9'.repeat(38)}${'0'.repeat(88)}`;
    assert.equal(await store(context, '9.9999999999999999999999999999999999999E+125'), largest);
    assert.equal(await store(context, '1E-130'), `0.${'0'.repeat(129)}1`);
  },
  async 'Numbers are compared by value, not by text'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id), version: n('1.0') });
    await db.put(
      tables.plain,
      { pk: s(id), version: n(2) },
      {
        ConditionExpression: 'version = :one',
        ExpressionAttributeValues: { ':one': n('1e0') },
      },
    );
    assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.version, n(2));
  },
  async 'Number sort keys are in order of value'({ db, tables, id }) {
    for (const sk of ['10', '-1', '9', '0.5', '-20']) await db.put(tables.numbered, { pk: s(id), sk: n(sk) });
    const { Items = [] } = await db.partition(tables.numbered, id);
    assert.deepEqual(
      Items.map(({ sk }) => sk?.N),
      ['-20', '-1', '0.5', '9', '10'],
    );
  },
  async 'Equal numbers written differently are one key'({ db, tables, id }) {
    await db.put(tables.numbered, { pk: s(id), sk: n('1.0'), v: n(1) });
    await db.put(tables.numbered, { pk: s(id), sk: n('1'), v: n(2) });
    const { Items } = await db.partition(tables.numbered, id);
    assert.deepEqual(Items, [{ pk: s(id), sk: n(1), v: n(2) }]);
  },
  async 'Arithmetic is exact in decimal'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id), v: n('0.1') });
    await db.update(tables.plain, { pk: s(id) }, 'SET v = v + :more', given({ ':more': n('0.2') }));
    assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.v, n('0.3'));
  },
  async 'Arithmetic on 38 digits is exact'({ db, tables, id }) {
    await db.put(tables.plain, { pk: s(id), v: n('12345678901234567890123456789012345678') });
    await db.update(tables.plain, { pk: s(id) }, 'SET v = v - :one', given({ ':one': n(1) }));
    assert.deepEqual(
      (await db.get(tables.plain, { pk: s(id) }))?.v,
      n('12345678901234567890123456789012345677'),
    );
  },
});
