import fc from 'fast-check';
import { fullBatches, inOrder } from '../src/messaging/full-batches.ts';
import type { Message } from '../src/messaging/send.ts';

const maxEntries = 10;
const maxBatchBytes = 256 * 1024;

const message = (group: string, index: number, bytes = 0): Message => ({
  group,
  body: 'x'.repeat(bytes),
  deduplicationId: `${index}`,
});
const grouped = (groups: readonly string[]) => groups.map((group, index) => message(group, index));
/** The names of `count` groups. */
const singles = (count: number) => Array.from({ length: count }, (_, index) => `single ${index}`);
const groupsOf = (plan: readonly (readonly Message[])[]) =>
  plan.map((batch) => batch.map(({ group }) => group));
const sizesOf = (plan: readonly (readonly Message[])[]) => plan.map(({ length }) => length);

const names = fc.integer({ min: 0, max: 25 }).map((index) => `group ${index}`);
const anyGroups = fc.array(names, { maxLength: 80 });

describe('full batches', () => {
  it('of nothing are none', () => {
    expect(fullBatches([])).toEqual([]);
  });

  it('of one event for each aggregate are in the order in which these came', () => {
    const sent = grouped(singles(25));

    expect(sizesOf(fullBatches(sent))).toEqual([10, 10, 5]);
    expect(fullBatches(sent).flat()).toEqual(sent);
  });

  it('keep the events of an aggregate apart', () => {
    expect(groupsOf(fullBatches(grouped(['A', 'B', 'A'])))).toEqual([['A', 'B'], ['A']]);
  });

  it('begin with the aggregates that need most of them', () => {
    const plan = groupsOf(fullBatches(grouped([...singles(9), 'A', 'A'])));

    expect(plan).toEqual([['A', ...singles(9)], ['A']]);
  });

  it('leave to the later ones what fills them', () => {
    expect(sizesOf(fullBatches(grouped([...singles(27), 'A', 'A', 'A'])))).toEqual([10, 10, 10]);
  });

  it('hold every message once, those of an aggregate in order, and no two of it', () => {
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

  it('are full wherever enough aggregates wait', () => {
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

  it('are no more than full ones would be, or than the longest aggregate has events', () => {
    fc.assert(
      fc.property(anyGroups, (groups) => {
        const lengths = [...new Set(groups)].map((group) => groups.filter((one) => one === group).length);

        const plan = fullBatches(grouped(groups));

        expect(plan).toHaveLength(Math.max(Math.ceil(groups.length / maxEntries), ...lengths, 0));
      }),
    );
  });

  it('have at most 10 messages and 256 KiB', () => {
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

describe('in order', () => {
  it('a message is sent when the one before it was, whatever takes how long, and all are', async () => {
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

  it('groups that have nothing to do with one another do not wait', async () => {
    const [a1, b1, a2] = [message('A', 1), message('B', 2), message('A', 3)];
    const steps: string[] = [];
    let release = () => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });

    await inOrder([[b1], [a1], [a2]], async ([one]) => {
      // B ends only after all of A has: with it, A would wait for ever.
      if (one === b1) await released;
      if (one === a2) release();
      steps.push(`${one?.deduplicationId}`);
    });

    expect(steps).toEqual(['1', '3', '2']);
  });

  it('fails with what a send fails with', async () => {
    const send = () => Promise.reject(new Error('refused'));

    await expect(inOrder([[message('A', 1)]], send)).rejects.toThrow('refused');
  });
});
