import fc from 'fast-check';
import { mergeLines, type Product, price } from '../src/domain/pricing.ts';
import { line, product } from './builders.ts';

const known = (...products: Product[]) => new Map(products.map((each) => [each.sku, each]));
const skus = (count: number) => Array.from({ length: count }, (_, index) => line(`S${index}`, 1));

describe('mergeLines', () => {
  it('adds up lines of the same SKU, in order of first mention', () => {
    const merged = mergeLines([line('B', 2), line('A', 1), line('B', 3)]);

    expect(merged).toEqual({ outcome: 'merged', lines: [line('B', 5), line('A', 1)] });
  });

  it('keeps SKUs apart that differ in case only', () => {
    expect(mergeLines([line('a', 1), line('A', 1)])).toMatchObject({ lines: { length: 2 } });
  });

  it('takes 1,000 different SKUs in any number of lines', () => {
    expect(mergeLines([...skus(1000), ...skus(1000)])).toMatchObject({ lines: { length: 1000 } });
  });

  it('refuses 1,001 different SKUs and names their number', () => {
    expect(mergeLines(skus(1001))).toEqual({
      outcome: 'refused',
      rule: 'too-many-skus',
      detail: 'An order has at most 1000 different SKUs; this one has 1001',
      faults: new Map(),
    });
  });

  it('takes 100,000 pieces of one SKU and refuses one more, naming the SKU', () => {
    const most = [line('A', 99_999), line('B', 1), line('A', 1)];

    expect(mergeLines(most)).toEqual({ outcome: 'merged', lines: [line('A', 100_000), line('B', 1)] });
    expect(mergeLines([...most, line('A', 1)])).toMatchObject({
      rule: 'quantity-too-large',
      faults: new Map([['A', 'The lines of one SKU add up to at most 100000 pieces']]),
    });
  });

  it('never loses or adds a piece', () => {
    const lines = fc.array(
      fc.record({ text: fc.constantFrom('A', 'B', 'C'), quantity: fc.integer({ min: 1, max: 1000 }) }),
    );
    fc.assert(
      fc.property(lines, (drawn) => {
        const merged = mergeLines(drawn.map(({ text, quantity }) => line(text, quantity)));

        if (merged.outcome === 'refused') throw new Error(merged.detail);
        for (const { sku, quantity } of merged.lines) {
          const wanted = drawn.filter(({ text }) => text === sku);
          expect(quantity).toBe(wanted.reduce((sum, each) => sum + each.quantity, 0));
        }
        expect(new Set(merged.lines.map(({ sku }) => sku))).toEqual(new Set(drawn.map(({ text }) => text)));
      }),
    );
  });
});

describe('price', () => {
  it('takes name and price from the products known here', () => {
    const basket = price([line('A', 3), line('B', 1)], known(product('A', 255), product('B', 1020)));

    expect(basket).toEqual({
      outcome: 'priced',
      currency: 'GBP',
      lines: [
        { sku: 'A', name: 'The A', quantity: 3, unitPrice: 255, lineTotal: 765 },
        { sku: 'B', name: 'The B', quantity: 1, unitPrice: 1020, lineTotal: 1020 },
      ],
      total: 1785,
    });
  });

  it('names every SKU that is not known here', () => {
    expect(price([line('A', 1), line('B', 1), line('C', 1)], known(product('B', 1)))).toEqual({
      outcome: 'refused',
      rule: 'unknown-sku',
      detail: 'Unknown SKU: A, C',
      faults: new Map([
        ['A', 'Unknown SKU: A'],
        ['C', 'Unknown SKU: C'],
      ]),
    });
  });

  it('names ten of many SKUs in one sentence, and each of them with what is wrong with it', () => {
    const refused = price(skus(1000), known());

    expect(refused).toMatchObject({
      detail: expect.stringMatching(/^Unknown SKU: (S\S+, ){10}and 990 more$/),
    });
    const faults = 'faults' in refused ? [...refused.faults] : [];
    expect(faults).toHaveLength(1000);
    expect(faults[999]).toEqual([skus(1000)[999]?.sku, `Unknown SKU: ${skus(1000)[999]?.sku}`]);
  });

  it('refuses products that were taken off sale, and takes those without onSale', () => {
    const { onSale: _, ...old } = product('B', 1);
    const products = known({ ...product('A', 1), onSale: false }, old);

    expect(price([line('A', 1), line('B', 1)], products)).toEqual({
      outcome: 'refused',
      rule: 'off-sale',
      detail: 'Not on sale: A',
      faults: new Map([['A', 'Not on sale: A']]),
    });
    expect(price([line('B', 1)], products)).toMatchObject({ total: 1 });
  });

  it('refuses a line that alone is beyond what a double holds', () => {
    const products = known(product('A', 1_000_000_000_000_000, 'IRR'));

    expect(price([line('A', 9)], products)).toMatchObject({ total: 9_000_000_000_000_000 });
    expect(price([line('A', 100_000)], products)).toMatchObject({ rule: 'total-too-large' });
  });

  it('counts notes on the order in its size', () => {
    const products = skus(360).map(({ sku }) => product(sku, 1, 'GBP', 'é'.repeat(200)));
    const metadata = Object.fromEntries(
      Array.from({ length: 20 }, (_, index) => [`note ${index}`, 'é'.repeat(500)]),
    );

    expect(price(skus(360), known(...products))).toMatchObject({ lines: { length: 360 } });
    expect(price(skus(360), known(...products), { reference: 'r', metadata })).toMatchObject({
      rule: 'order-too-large',
    });
  });

  it('refuses more than one currency and names them', () => {
    const products = known(product('A', 1, 'GBP'), product('B', 1, 'EUR'));

    expect(price([line('A', 1), line('B', 1)], products)).toMatchObject({
      rule: 'mixed-currencies',
      detail: 'An order has one currency; these lines have GBP, EUR',
    });
  });

  it('is exact up to the largest total that a double holds, and refuses more', () => {
    const lines = (count: number) => skus(count).map((each) => ({ ...each, quantity: 100_000 }));
    const products = known(...skus(1000).map(({ sku }) => product(sku, 100_000_000)));

    expect(price(lines(900), products)).toMatchObject({ total: 900 * 100_000 * 100_000_000 });
    expect(price(lines(901), products)).toMatchObject({
      rule: 'total-too-large',
      detail: 'An order adds up to at most 9007199254740991 minor units',
    });
  });

  it('refuses hundreds of lines whose names are too long for one item, and names the size', () => {
    const priced = (count: number) =>
      price(skus(count), known(...skus(count).map(({ sku }) => product(sku, 1, 'GBP', 'é'.repeat(200)))));

    expect(priced(350)).toMatchObject({ lines: { length: 350 } });
    expect(priced(400)).toEqual({
      outcome: 'refused',
      rule: 'order-too-large',
      detail:
        'The SKUs and names of these 400 lines, and what was noted of the order, are too long for one order: it would ' +
        'take up to 406 kB of 400 kB; make two orders of it',
      faults: new Map(),
    });
  });

  it('the total is the sum of the lines, each of them price times quantity', () => {
    const drawn = fc.uniqueArray(
      fc.record({
        text: fc.stringMatching(/^[A-Z]{1,4}$/),
        quantity: fc.integer({ min: 1, max: 100_000 }),
        each: fc.integer({ min: 0, max: 4_000_000_000 }),
      }),
      { selector: ({ text }) => text, minLength: 1, maxLength: 20 },
    );
    fc.assert(
      fc.property(drawn, (goods) => {
        const basket = price(
          goods.map(({ text, quantity }) => line(text, quantity)),
          known(...goods.map(({ text, each }) => product(text, each))),
        );

        const exact = goods.reduce((sum, { quantity, each }) => sum + BigInt(quantity) * BigInt(each), 0n);
        expect('total' in basket && BigInt(basket.total)).toBe(exact);
      }),
    );
  });
});
