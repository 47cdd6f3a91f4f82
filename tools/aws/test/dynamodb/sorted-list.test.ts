import fc from 'fast-check';
import { type Position, SortedList } from '../../dynamodb/sorted-list.ts';

const inOrder = (a: Position, b: Position): number => {
  if (a.sort !== b.sort) return a.sort < b.sort ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
};

const position = fc.record({
  sort: fc.integer({ min: 0, max: 40 }).map((each) => String(each).padStart(2, '0')),
  id: fc.integer({ min: 0, max: 60 }).map(String),
});

const key = ({ sort, id }: Position): string => `${sort}/${id}`;

describe('A sorted list', () => {
  it('gives what a sorted array gives, upwards and downwards, between any two positions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.boolean(), position), { maxLength: 400 }),
        fc.option(position, { nil: undefined }),
        fc.option(position, { nil: undefined }),
        (changes, after, before) => {
          const [list, model] = [new SortedList<Position>(), new Map<string, Position>()];
          for (const [adds, each] of changes) {
            if (adds && !model.has(key(each))) list.add(each);
            if (!adds) list.remove(each);
            if (adds) model.set(key(each), each);
            else model.delete(key(each));
          }
          const expected = [...model.values()]
            .sort(inOrder)
            .filter((each) => !after || inOrder(each, after) > 0)
            .filter((each) => !before || inOrder(each, before) < 0);
          expect([...list.between(after, before)].map(key)).toEqual(expected.map(key));
          expect([...list.between(after, before, true)].map(key)).toEqual(expected.reverse().map(key));
          expect(list.size).toBe(model.size);
        },
      ),
    );
  });

  it('keeps its order over many chunks', () => {
    const list = new SortedList<Position>();
    const count = 20_000;
    // 7919 is prime to the count: every number comes once, in a scattered order.
    for (let at = 0; at < count; at++)
      list.add({ sort: String((at * 7919) % count).padStart(6, '0'), id: '' });
    const sorts = [...list.between()].map(({ sort }) => Number(sort));
    expect(sorts).toEqual(Array.from({ length: count }, (_, index) => index));
    for (let at = 0; at < count; at += 2) list.remove({ sort: String(at).padStart(6, '0'), id: '' });
    expect([...list.between(undefined, undefined, true)].map(({ sort }) => Number(sort))).toEqual(
      Array.from({ length: count / 2 }, (_, index) => count - 1 - 2 * index),
    );
  });
});
