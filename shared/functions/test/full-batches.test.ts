import fc from 'fast-check';
import { fullBatches, inOrder } from '../src/aws/publishing/full-batches.ts';
import type { Message } from '../src/aws/publishing/send.ts';

const maxEntries = 10;
const maxBatchBytes = 256 * 1024;

const message = (group: string, index: number, bytes = 0): Message => ({
  group,
  body: 'x'.repeat(bytes),
  deduplicationId: `${index}`,
});
const grouped = (groups: readonly string[]) => groups.map((group, index) => message(group, index));
/** `count` different group names. */
const singles = (count: number) => Array.from({ length: count }, (_, index) => `single ${index}`);
const groupsOf = (plan: readonly (readonly Message[])[]) =>
  plan.map((batch) => batch.map(({ group }) => group));
const sizesOf = (plan: readonly (readonly Message[])[]) => plan.map(({ length }) => length);

const names = fc.integer({ min: 0, max: 25 }).map((index) => `group ${index}`);
const anyGroups = fc.array(names, { maxLength: 80 });

describe('fullBatches', () => {
  it('keeps the order of events of different aggregates', () => {
    const sent = grouped(singles(25));

    expect(sizesOf(fullBatches(sent))).toEqual([10, 10, 5]);
    expect(fullBatches(sent).flat()).toEqual(sent);
  });

  it('puts the events of an aggregate into different requests', () => {
    expect(groupsOf(fullBatches(grouped(['A', 'B', 'A'])))).toEqual([['A', 'B'], ['A']]);
  });

  it('begins with the aggregates that need most requests', () => {
    const plan = groupsOf(fullBatches(grouped([...singles(9), 'A', 'A'])));

    expect(plan).toEqual([['A', ...singles(9)], ['A']]);
  });

  it('plans every message once, those of an aggregate in order and in different requests', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const sent = grouped(groups);

        const plan = fullBatches(sent);

        expect(plan.flat()).toHaveLength(sent.length);
        expect(groupsOf(plan).every((batch) => new Set(batch).size === batch.length)).toBe(true);
        for (const group of new Set(groups)) {
          const ofGroup = (one: Message) => one.group === group;
          expect(plan.flat().filter(ofGroup)).toEqual(sent.filter(ofGroup));
        }
      }),
    );
  });

  it('fills requests as long as enough aggregates wait', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const waiting = [...groups];
        for (const batch of groupsOf(fullBatches(grouped(groups)))) {
          const wholeNext = Math.min(maxEntries, new Set(waiting).size);
          const nothingElse = batch.length === waiting.length;
          for (const group of batch) waiting.splice(waiting.indexOf(group), 1);
          if (!nothingElse) expect(batch).toHaveLength(wholeNext);
        }
      }),
    );
  });

  it('plans as few requests as full ones, or as the longest aggregate needs', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const lengths = [...new Set(groups)].map((group) => groups.filter((one) => one === group).length);

        const plan = fullBatches(grouped(groups));

        expect(plan).toHaveLength(Math.max(Math.ceil(groups.length / maxEntries), ...lengths, 0));
      }),
    );
  });

  it('plans requests of at most 10 messages and 256 KiB', () => {
    const sized = fc.tuple(names, fc.integer({ min: 1, max: maxBatchBytes / 2 }));

    fc.assert(
      fc.property(fc.array(sized, { maxLength: 40 }), (all) => {
        for (const batch of fullBatches(all.map(([group, bytes], index) => message(group, index, bytes)))) {
          expect(batch.length).toBeGreaterThan(0);
          expect(batch.length).toBeLessThanOrEqual(maxEntries);
          expect(batch.reduce((sum, { body }) => sum + body.length, 0)).toBeLessThanOrEqual(maxBatchBytes);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('inOrder', () => {
  it('sends each message after the one before it in its group, however long each takes', async () => {
    await fc.assert(
      fc.asyncProperty(anyGroups, fc.scheduler(), async (groups, scheduler) => {
        const sent = grouped(groups);
        const underWay = new Set<string>();
        const done: Message[] = [];
        const send = async (batch: readonly Message[]) => {
          for (const { group } of batch) {
            expect(underWay.has(group)).toBe(false);
            underWay.add(group);
          }
          await scheduler.schedule(Promise.resolve());
          for (const one of batch) underWay.delete(one.group);
          done.push(...batch);
        };

        await scheduler.waitFor(inOrder(fullBatches(sent), send));

        expect(done).toHaveLength(sent.length);
        for (const group of new Set(groups)) {
          const ofGroup = (one: Message) => one.group === group;
          expect(done.filter(ofGroup)).toEqual(sent.filter(ofGroup));
        }
      }),
    );
  });

  it('does not make a group wait for others', async () => {
    const [a1, b1, a2] = [message('A', 1), message('B', 2), message('A', 3)];
    const steps: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });

    await inOrder([[b1], [a1], [a2]], async ([one]) => {
      // B ends only after all of A: if A waited for B, it would wait for ever.
      if (one === b1) await released;
      if (one === a2) release();
      steps.push(`${one?.deduplicationId}`);
    });

    expect(steps).toEqual(['1', '3', '2']);
  });
});
