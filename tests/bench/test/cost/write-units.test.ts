import fc from 'fast-check';
import { itemBytes, transactionUnits } from '../../src/cost/write-units.ts';

describe('the size of an item', () => {
  it.each([
    ['text and its name', { pk: { S: 'abc' } }, 5],
    ['text that is not ASCII', { pk: { S: 'ü€' } }, 7],
    ['a number, two digits a byte', { n: { N: '12345' } }, 1 + 4],
    ['zeros at the ends', { n: { N: '0.001200' } }, 1 + 2],
    ['a negative number', { n: { N: '-12' } }, 1 + 3],
    ['a truth value', { b: { BOOL: true } }, 2],
    ['nothing', { b: { NULL: true } }, 2],
    ['a list', { l: { L: [{ S: 'a' }, { S: 'b' }] } }, 1 + 3 + 2 * 2],
    ['a map', { m: { M: { a: { S: 'b' } } } }, 1 + 3 + 1 + 2],
  ])('%s', (_, item, bytes) => expect(itemBytes(item)).toBe(bytes));

  it('a set is none of ours', () => expect(() => itemBytes({ s: { SS: ['a'] } })).toThrow(/No item here/));

  it('is that of its attributes', () =>
    fc.assert(
      fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (texts) => {
        const item = Object.fromEntries(Object.entries(texts).map(([name, S]) => [name, { S }]));
        const bytes = Object.entries(texts).map(([name, text]) => Buffer.byteLength(name + text));

        expect(itemBytes(item)).toBe(bytes.reduce((sum, each) => sum + each, 0));
      }),
    ));
});

describe('the units of a transaction', () => {
  const put = (bytes: number) => ({ Put: { Item: { pk: { S: 'x'.repeat(bytes - 2) } } } });

  it.each([
    ['a put of 1 KiB', [put(1024)], 2],
    ['a put of one byte more', [put(1025)], 4],
    ['a put and three updates', [put(100), {}, {}, {}], 8],
  ])('%s', (_, TransactItems, units) => expect(transactionUnits({ TransactItems })).toBe(units));
});
