import type { Sku, SkuQuantity } from '@orderly/contracts';
import * as fc from 'fast-check';
import { coalesce, type NewReservation, piecesOf, splitRefused } from '../src/domain/coalesce.ts';
import { line, orderId, short, sku } from './builders.ts';

const numbered = (number: string) => orderId(`00000000-0000-7000-8000-${number.padStart(12, '0')}`);
const order = (number: string, ...lines: SkuQuantity[]): NewReservation => ({
  orderId: numbered(number),
  lines,
});
const names = (groups: readonly (readonly NewReservation[])[]) =>
  groups.map((group) => group.map((each) => Number(each.orderId.slice(-12))).join(' '));
const nothing: ReadonlySet<Sku> = new Set();

describe('reservations that wait', () => {
  it('share a group when they need the same SKU, and only then', () => {
    const waiting = [order('1', line('A', 1)), order('2', line('B', 1)), order('3', line('A', 2))];

    expect(names(coalesce(waiting, nothing))).toEqual(['1 3', '2']);
    expect(piecesOf([waiting[0], waiting[2]] as NewReservation[])).toEqual(new Map([[sku('A'), 3]]));
  });

  it('wait for a SKU that is busy, and no later one overtakes them', () => {
    const waiting = [
      order('1', line('A', 1), line('B', 1)),
      order('2', line('B', 1)),
      order('3', line('C', 1)),
    ];

    expect(names(coalesce(waiting, new Set([sku('A')])))).toEqual(['3']);
  });

  it('wait when they would join two groups', () => {
    const waiting = [
      order('1', line('A', 1)),
      order('2', line('B', 1)),
      order('3', line('A', 1), line('B', 1)),
      order('4', line('B', 1)),
    ];

    expect(names(coalesce(waiting, nothing))).toEqual(['1', '2']);
  });

  it('make groups of at most 100 items', () => {
    const waiting = Array.from({ length: 120 }, (_, index) => order(`${index}`, line('A', 1)));

    expect(coalesce(waiting, nothing).map(({ length }) => length)).toEqual([99]);
  });

  it('of the same order are never in one group', () => {
    const twice = [order('1', line('A', 1)), order('1', line('A', 1))];

    expect(names(coalesce(twice, nothing))).toEqual(['1']);
  });
});

describe('a refused transaction', () => {
  it('rules out reservations that exist or need too much alone; the others are tried again', () => {
    const group = [
      order('8', line('A', 1)),
      order('9', line('A', 6), line('B', 6)),
      order('1', line('A', 3)),
      order('2', line('A', 3)),
      order('3', line('A', 2)),
    ];

    const { refused, again } = splitRefused(group, {
      existing: new Set([numbered('8')]),
      available: new Map([[sku('A'), 5]]),
    });

    expect(refused).toEqual([
      { reservation: group[0], outcome: 'overtaken' },
      { reservation: group[1], outcome: 'short', shortages: [short('A', 6, 5)] },
    ]);
    expect(names(again)).toEqual(['1 3', '2']);
  });

  it('of a sold-out SKU rules out every reservation at once', () => {
    const group = [order('1', line('A', 1)), order('2', line('A', 2))];

    expect(splitRefused(group, { existing: new Set(), available: new Map([[sku('A'), 0]]) })).toMatchObject({
      refused: [{ shortages: [short('A', 1, 0)] }, { shortages: [short('A', 2, 0)] }],
      again: [],
    });
  });
});

const skus = ['A', 'B', 'C', 'D'] as const;
const reservations = fc
  .array(fc.dictionary(fc.constantFrom(...skus), fc.integer({ min: 1, max: 5 }), { minKeys: 1 }), {
    maxLength: 20,
  })
  .map((all) =>
    all.map((lines, index) => order(`${index}`, ...Object.entries(lines).map(([of, n]) => line(of, n)))),
  );

it('whatever is waiting: no SKU is in two groups or busy, and a group begins where nothing is busy', () => {
  fc.assert(
    fc.property(reservations, fc.subarray(skus.map(sku)), (waiting, busy) => {
      const groups = coalesce(waiting, new Set(busy));
      const taken = groups.flatMap((group) => [...piecesOf(group).keys()]);

      expect(new Set([...taken, ...busy]).size).toBe(taken.length + busy.length);
      if (busy.length === 0) expect(groups.length > 0).toBe(waiting.length > 0);
    }),
  );
});

it('whatever the stock is: refusals end, no SKU is oversold, and what is short could not be served', () => {
  fc.assert(
    fc.property(reservations, fc.array(fc.nat(20), { minLength: 4, maxLength: 4 }), (all, stock) => {
      const levels = new Map(skus.map((each, index) => [sku(each), stock[index] ?? 0]));
      const levelOf = (of: Sku) => levels.get(of) ?? 0;
      let settled = 0;

      const attempt = (group: readonly NewReservation[]): void => {
        const missing = [...piecesOf(group)].filter(([of, pieces]) => levelOf(of) < pieces);
        if (missing.length === 0) {
          for (const [of, pieces] of piecesOf(group)) levels.set(of, levelOf(of) - pieces);
          settled += group.length;
          return;
        }
        const available = new Map(missing.map(([of]) => [of, levelOf(of)]));
        const { refused, again } = splitRefused(group, { existing: new Set(), available });
        expect(refused.length > 0 || again.length > 1).toBe(true);
        for (const { reservation } of refused) {
          expect(reservation.lines.some((each) => each.quantity > levelOf(each.sku))).toBe(true);
        }
        settled += refused.length;
        for (const part of again) attempt(part);
      };
      if (all.length > 0) attempt(all);

      expect(settled).toBe(all.length);
      expect([...levels.values()].every((level) => level >= 0)).toBe(true);
    }),
  );
});
