import assert from 'node:assert/strict';
import { n, s } from '../attribute-values.ts';
import { behaviour, type CaseContext, type CaseGroup, type ConformanceCase, refuses } from '../case.ts';

const store = async ({ db, tables, id }: CaseContext, number: string): Promise<string | undefined> => {
  await db.put(tables.plain, { pk: s(id), number: n(number) });
  return (await db.get(tables.plain, { pk: s(id) }))?.number?.N;
};

const normalized = (name: string, written: string, read: string): ConformanceCase => ({
  name,
  run: async (context) => assert.equal(await store(context, written), read),
});

const rejected = (name: string, written: string, message: string): ConformanceCase =>
  refuses(name, (context) => store(context, written), message);

const OVERFLOW = 'Number overflow. Attempting to store a number with magnitude larger than supported range';
const UNDERFLOW =
  'Number underflow. Attempting to store a number with magnitude smaller than supported range';

export const numbers: CaseGroup = {
  subject: 'numbers',
  cases: [
    normalized(
      'A number keeps 38 significant digits',
      '12345678901234567890123456789012345678',
      '12345678901234567890123456789012345678',
    ),
    normalized('A number loses trailing zeros after the point', '1.500', '1.5'),
    normalized('A number loses leading zeros', '00012', '12'),
    normalized('A number in scientific notation is read as digits', '1.25e3', '1250'),
    normalized('Minus zero is zero', '-0', '0'),
    normalized('A number beyond the safe integers keeps its value', '9007199254740993', '9007199254740993'),
    normalized('A small fraction keeps its value', '0.000000000000000000001', '0.000000000000000000001'),
    rejected(
      'A number with 39 significant digits is refused',
      '123456789012345678901234567890123456789',
      'Attempting to store more than 38 significant digits in a Number',
    ),
    rejected('A number of 1E126 is refused', '1E126', OVERFLOW),
    rejected('A number of 1E-131 is refused', '1E-131', UNDERFLOW),
    rejected('Text is no number', 'abc', 'The parameter cannot be converted to a numeric value: abc'),
    rejected('An empty string is no number', '', 'The parameter cannot be converted to a numeric value'),
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html#limits-data-types-numbers
    behaviour('The largest and the smallest number are stored', async (context) => {
      const largest = `${'9'.repeat(38)}${'0'.repeat(88)}`;
      assert.equal(await store(context, '9.9999999999999999999999999999999999999E+125'), largest);
      assert.equal(await store(context, '1E-130'), `0.${'0'.repeat(129)}1`);
    }),
    behaviour('Numbers are compared by value, not by text', async ({ db, tables, id }) => {
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
    }),
    behaviour('Number sort keys are in order of value', async ({ db, tables, id }) => {
      for (const sk of ['10', '-1', '9', '0.5', '-20'])
        await db.put(tables.numbered, { pk: s(id), sk: n(sk) });
      const { Items = [] } = await db.partition(tables.numbered, id);
      assert.deepEqual(
        Items.map(({ sk }) => sk?.N),
        ['-20', '-1', '0.5', '9', '10'],
      );
    }),
    behaviour('Equal numbers written differently are one key', async ({ db, tables, id }) => {
      await db.put(tables.numbered, { pk: s(id), sk: n('1.0'), v: n(1) });
      await db.put(tables.numbered, { pk: s(id), sk: n('1'), v: n(2) });
      const { Items } = await db.partition(tables.numbered, id);
      assert.deepEqual(Items, [{ pk: s(id), sk: n(1), v: n(2) }]);
    }),
    behaviour('Arithmetic is exact in decimal', async ({ db, tables, id }) => {
      await db.put(tables.plain, { pk: s(id), v: n('0.1') });
      await db.update(tables.plain, { pk: s(id) }, 'SET v = v + :more', {
        ExpressionAttributeValues: { ':more': n('0.2') },
      });
      assert.deepEqual((await db.get(tables.plain, { pk: s(id) }))?.v, n('0.3'));
    }),
    behaviour('Arithmetic on 38 digits is exact', async ({ db, tables, id }) => {
      await db.put(tables.plain, { pk: s(id), v: n('12345678901234567890123456789012345678') });
      await db.update(tables.plain, { pk: s(id) }, 'SET v = v - :one', {
        ExpressionAttributeValues: { ':one': n(1) },
      });
      assert.deepEqual(
        (await db.get(tables.plain, { pk: s(id) }))?.v,
        n('12345678901234567890123456789012345677'),
      );
    }),
  ],
};
