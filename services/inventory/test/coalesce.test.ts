import type { Sku, SkuQuantity } from '@orderly/contracts';
import * as fc from 'fast-check';
import { decide, gather, sumOf, type Wish } from '../src/domain/coalesce.ts';
import { line, orderId, short, sku } from './builders.ts';

const numbered = (order: string) => orderId(`00000000-0000-7000-8000-${order.padStart(12, '0')}`);
const wish = (order: string, ...lines: SkuQuantity[]): Wish => ({ orderId: numbered(order), lines });
const names = (groups: readonly (readonly Wish[])[]) =>
  groups.map((group) => group.map((each) => Number(each.orderId.slice(-12))).join(' '));
const nothing: ReadonlySet<Sku> = new Set();

describe('wishes that wait', () => {
  it('go together when they want the same SKU, and apart when they do not', () => {
    const waiting = [wish('1', line('A', 1)), wish('2', line('B', 1)), wish('3', line('A', 2))];

    expect(names(gather(waiting, nothing))).toEqual(['1 3', '2']);
    expect(sumOf([waiting[0], waiting[2]] as Wish[])).toEqual(new Map([[sku('A'), 3]]));
  });

  it('wait for a SKU that is busy, and nobody overtakes them', () => {
    const waiting = [wish('1', line('A', 1), line('B', 1)), wish('2', line('B', 1)), wish('3', line('C', 1))];

    expect(names(gather(waiting, new Set([sku('A')])))).toEqual(['3']);
  });

  it('wait when two groups would meet on them', () => {
    const waiting = [
      wish('1', line('A', 1)),
      wish('2', line('B', 1)),
      wish('3', line('A', 1), line('B', 1)),
      wish('4', line('B', 1)),
    ];

    expect(names(gather(waiting, nothing))).toEqual(['1', '2']);
  });

  it('are no more than 100 items', () => {
    const waiting = Array.from({ length: 120 }, (_, index) => wish(`${index}`, line('A', 1)));

    expect(gather(waiting, nothing).map(({ length }) => length)).toEqual([99]);
  });

  it('are never in a transaction twice', () => {
    const twice = [wish('1', line('A', 1)), wish('1', line('A', 1))];

    expect(names(gather(twice, nothing))).toEqual(['1']);
  });
});

describe('a refusal', () => {
  it('decides for those who have a reservation or ask too much alone; the others try again', () => {
    const wishes = [
      wish('8', line('A', 1)),
      wish('9', line('A', 6), line('B', 6)),
      wish('1', line('A', 3)),
      wish('2', line('A', 3)),
      wish('3', line('A', 2)),
    ];

    const { verdicts, again } = decide(wishes, {
      orders: new Set([numbered('8')]),
      available: new Map([[sku('A'), 5]]),
    });

    expect(verdicts).toEqual([
      { wish: wishes[0], outcome: 'overtaken' },
      { wish: wishes[1], outcome: 'short', shortages: [short('A', 6, 5)] },
    ]);
    expect(names(again)).toEqual(['1 3', '2']);
  });

  it('of a sold-out SKU decides for everybody at once', () => {
    const wishes = [wish('1', line('A', 1)), wish('2', line('A', 2))];

    expect(decide(wishes, { orders: new Set(), available: new Map([[sku('A'), 0]]) })).toMatchObject({
      verdicts: [{ shortages: [short('A', 1, 0)] }, { shortages: [short('A', 2, 0)] }],
      again: [],
    });
  });
});

const skus = ['A', 'B', 'C', 'D'] as const;
const wishes = fc
  .array(fc.dictionary(fc.constantFrom(...skus), fc.integer({ min: 1, max: 5 }), { minKeys: 1 }), {
    maxLength: 20,
  })
  .map((all) =>
    all.map((lines, index) => wish(`${index}`, ...Object.entries(lines).map(([of, n]) => line(of, n)))),
  );

it('whatever is wished for: no SKU is in two groups or busy, and somebody begins where nothing is busy', () => {
  fc.assert(
    fc.property(wishes, fc.subarray(skus.map(sku)), (waiting, busy) => {
      const groups = gather(waiting, new Set(busy));
      const taken = groups.flatMap((group) => [...sumOf(group).keys()]);

      expect(new Set([...taken, ...busy]).size).toBe(taken.length + busy.length);
      if (busy.length === 0) expect(groups.length > 0).toBe(waiting.length > 0);
    }),
  );
});

it('whatever the stock is: refusals end, nobody is oversold, and who is told short could not be served', () => {
  fc.assert(
    fc.property(wishes, fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }), (all, stock) => {
      const levels = new Map(skus.map((each, index) => [sku(each), stock[index] ?? 0]));
      const levelOf = (of: Sku) => levels.get(of) ?? 0;
      let settled = 0;

      const attempt = (group: readonly Wish[]): void => {
        const missing = [...sumOf(group)].filter(([of, pieces]) => levelOf(of) < pieces);
        if (missing.length === 0) {
          for (const [of, pieces] of sumOf(group)) levels.set(of, levelOf(of) - pieces);
          settled += group.length;
          return;
        }
        const available = new Map(missing.map(([of]) => [of, levelOf(of)]));
        const { verdicts, again } = decide(group, { orders: new Set(), available });
        expect(verdicts.length > 0 || again.length > 1).toBe(true);
        for (const { wish: refused } of verdicts) {
          expect(refused.lines.some((each) => each.quantity > levelOf(each.sku))).toBe(true);
        }
        settled += verdicts.length;
        for (const part of again) attempt(part);
      };
      if (all.length > 0) attempt(all);

      expect(settled).toBe(all.length);
      expect([...levels.values()].every((level) => level >= 0)).toBe(true);
    }),
  );
});
