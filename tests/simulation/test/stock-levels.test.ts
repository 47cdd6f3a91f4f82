import { StockLevels } from '../src/judge/stock-levels.ts';

let levels: StockLevels;

const product = (available: number) => ({
  pk: { S: 'PRODUCT#a' },
  sku: { S: 'a' },
  available: { N: String(available) },
});
const placed = { pk: { S: 'ORDER#one' } };
const refused = (available: number, requested: number) => ({
  pk: { S: 'RESERVATION#one' },
  status: { S: 'REJECTED' },
  shortages: {
    L: [{ M: { sku: { S: 'a' }, available: { N: String(available) }, requested: { N: String(requested) } } }],
  },
});

beforeEach(() => {
  levels = new StockLevels();
  levels.write(1, product(0));
  levels.write(2, product(5));
});

it('An order may be refused for the level that was there when it was placed', () => {
  levels.write(3, placed);
  levels.write(4, product(9));

  expect(levels.write(5, refused(5, 6))).toEqual([]);
});

it('An order may be refused for a level that came after it', () => {
  levels.write(3, placed);
  levels.write(4, product(1));

  expect(levels.write(5, refused(1, 2))).toEqual([]);
});

it('An order must not be refused for a level from before it was placed', () => {
  levels.write(3, placed);

  expect(levels.write(4, refused(0, 1))).toEqual([
    'Order one was refused because 0 of a were left, which is not so',
  ]);
});

it('An order must not be refused when enough is left', () => {
  levels.write(3, placed);

  expect(levels.write(4, refused(5, 5))).toHaveLength(1);
});
