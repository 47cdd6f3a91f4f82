import fc from 'fast-check';
import { rounds } from '../src/rounds.ts';
import type { Message } from '../src/send.ts';

const maxEntries = 10;
const maxBatchBytes = 256 * 1024;

const message = (group: string, index: number, bytes = 0): Message => ({
  group,
  body: 'x'.repeat(bytes),
  deduplicationId: `${index}`,
});
const grouped = (groups: readonly string[]) => groups.map((group, index) => message(group, index));
/** `count` messages of as many groups. */
const singles = (count: number) => Array.from({ length: count }, (_, index) => `single ${index}`);
const groupsOf = (plan: readonly (readonly (readonly Message[])[])[]) =>
  plan.map((round) => round.map((batch) => batch.map(({ group }) => group)));
const sizesOf = (plan: readonly (readonly (readonly Message[])[])[]) =>
  plan.map((round) => round.map((batch) => batch.length));

const names = fc.integer({ min: 0, max: 25 }).map((index) => `group ${index}`);
const anyGroups = fc.array(names, { maxLength: 80 });

describe('rounds', () => {
  it('of nothing are none', () => {
    expect(rounds([])).toEqual([]);
  });

  it('of one event for each aggregate are one, whose requests go side by side', () => {
    expect(sizesOf(rounds(grouped(singles(25))))).toEqual([[10, 10, 5]]);
  });

  it('keep the events of an aggregate apart', () => {
    expect(groupsOf(rounds(grouped(['A', 'B', 'A'])))).toEqual([[['A', 'B']], [['A']]]);
  });

  it('begin with the aggregates that need most of them, so that the last requests are full, too', () => {
    const plan = rounds(grouped([...singles(9), 'A', 'A']));

    expect(sizesOf(plan)).toEqual([[10], [1]]);
    expect(groupsOf(plan)[0]?.[0]?.[0]).toBe('A');
  });

  it('leave to later rounds what fills their requests', () => {
    expect(sizesOf(rounds(grouped([...singles(27), 'A', 'A', 'A'])))).toEqual([[10], [10], [10]]);
  });

  it('hold every message once, and those of an aggregate in order, each in a later round', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const sent = grouped(groups);

        const plan = rounds(sent);

        expect(plan.flat(2)).toHaveLength(sent.length);
        for (const group of new Set(groups)) {
          const perRound = plan.map((round) => round.flat().filter((one) => one.group === group));
          expect(perRound.every(({ length }) => length <= 1)).toBe(true);
          expect(perRound.flat()).toEqual(sent.filter((one) => one.group === group));
        }
      }),
    );
  });

  it('have a part-filled request only where no more aggregates wait, or nothing is left', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const sent = grouped(groups);
        const done = new Set<Message>();
        for (const round of rounds(sent)) {
          const waiting = new Set(sent.filter((one) => !done.has(one)).map(({ group }) => group));
          for (const one of round.flat()) done.add(one);
          const partFilled = round.filter((batch) => batch.length < maxEntries);
          if (partFilled.length > 0) expect(round.flat()).toHaveLength(waiting.size);
          expect(partFilled.length).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('are no more requests than the fullest ones would be, or the longest aggregate has events', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const lengths = [...new Set(groups)].map((group) => groups.filter((one) => one === group).length);

        const requests = rounds(grouped(groups)).flat().length;

        expect(requests).toBe(Math.max(Math.ceil(groups.length / maxEntries), ...lengths, 0));
      }),
    );
  });

  it('have requests of at most 10 messages and 256 KiB', () => {
    const sized = fc.tuple(names, fc.integer({ min: 1, max: maxBatchBytes / 2 }));

    fc.assert(
      fc.property(fc.array(sized, { maxLength: 40 }), (all) => {
        const batches = rounds(all.map(([group, bytes], index) => message(group, index, bytes))).flat();

        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(maxEntries);
          expect(batch.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThanOrEqual(maxBatchBytes);
        }
      }),
      { numRuns: 30 },
    );
  });
});
