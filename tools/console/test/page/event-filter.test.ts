import { type EventFilter, filterEvents, isFailed, namesOf } from '../../page/model/event-filter.ts';
import { Recent } from '../../page/model/recent.ts';
import { windowOf } from '../../page/model/window.ts';
import type { Delivery, EventEntry } from '../../src/api.ts';

const event = (id: string, more: Partial<EventEntry> = {}): EventEntry => ({
  id,
  at: 0,
  topic: 'order-events',
  type: 'OrderPlaced',
  subject: 'order-1',
  deliveries: [],
  event: { id, data: { customerId: 'Alice' } },
  ...more,
});

const delivery = (state: Delivery['state'], receives = 1): Delivery => ({
  queue: 'dev-order-events--loyalty',
  consumer: 'loyalty',
  state,
  receives,
  at: 0,
});

const none: EventFilter = { text: '', type: '', subject: '', topic: '', failedOnly: false };
const entries = [
  event('e1'),
  event('e2', { type: 'StockReserved', topic: 'inventory-events' }),
  event('e3', { subject: 'order-2', deliveries: [delivery('dead', 5)] }),
];
const ids = (filter: Partial<EventFilter>): readonly string[] =>
  filterEvents(entries, { ...none, ...filter }).map(({ id }) => id);

describe('The event log', () => {
  it('shows the newest event first', () => {
    expect(ids({})).toEqual(['e3', 'e2', 'e1']);
  });

  it.each<[Partial<EventFilter>, readonly string[]]>([
    [{ text: 'ALICE' }, ['e3', 'e2', 'e1']],
    [{ text: 'e2' }, ['e2']],
    [{ type: 'StockReserved' }, ['e2']],
    [{ topic: 'order-events' }, ['e3', 'e1']],
    [{ subject: 'ORDER-2' }, ['e3']],
    [{ failedOnly: true }, ['e3']],
    [{ failedOnly: true, type: 'StockReserved' }, []],
  ])('filters by %j', (filter, expected) => {
    expect(ids(filter)).toEqual(expected);
  });

  it.each([
    ['taken', 1, false],
    ['taken', 3, false],
    ['waiting', 0, false],
    ['in-flight', 1, false],
    ['waiting', 2, true],
    ['in-flight', 2, true],
    ['dead', 5, true],
  ] as const)('takes a delivery that is %s after %d receives as failed: %s', (state, receives, failed) => {
    expect(isFailed(event('e', { deliveries: [delivery(state, receives)] }))).toBe(failed);
  });

  it('offers the names that occur', () => {
    expect(namesOf(entries, 'type')).toEqual(['OrderPlaced', 'StockReserved']);
    expect(namesOf(entries, 'topic')).toEqual(['inventory-events', 'order-events']);
  });
});

describe('The memory of recent events', () => {
  const recent = (capacity: number) => new Recent<{ id: string; n: number }>(capacity, ({ id }) => id);

  it('replaces an entry that comes again in its place', () => {
    const memory = recent(10);
    memory.add([
      { id: 'a', n: 1 },
      { id: 'b', n: 1 },
    ]);
    memory.add([{ id: 'a', n: 2 }]);
    expect(memory.all()).toEqual([
      { id: 'a', n: 2 },
      { id: 'b', n: 1 },
    ]);
  });

  it('keeps the newest and still finds them after many more', () => {
    const memory = recent(10);
    for (let n = 0; n < 1000; n += 1) memory.add([{ id: `${n}`, n }]);
    memory.add([{ id: '995', n: -1 }]);
    expect(memory.all().map(({ n }) => n)).toEqual([990, 991, 992, 993, 994, -1, 996, 997, 998, 999]);
  });

  it('starts anew with other entries, and finds those', () => {
    const memory = recent(10);
    memory.add([{ id: 'a', n: 1 }]);
    memory.replace([
      { id: 'b', n: 1 },
      { id: 'c', n: 1 },
    ]);
    memory.add([{ id: 'b', n: 2 }]);
    expect(memory.all().map(({ id, n }) => `${id}${n}`)).toEqual(['b2', 'c1']);
  });

  it('takes an entry that it has forgotten as a new one', () => {
    const memory = recent(2);
    for (let n = 0; n < 20; n += 1) memory.add([{ id: `${n}`, n }]);
    memory.add([{ id: '0', n: 100 }]);
    expect(memory.all().map(({ id }) => id)).toEqual(['19', '0']);
  });
});

describe('The window of a long table', () => {
  it('draws the rows in sight and some around them', () => {
    expect(windowOf(5000, 34, 3400, 680)).toEqual({ first: 92, end: 128, before: 3128, after: 165_648 });
  });

  it.each([
    [0, 0],
    [3, 0],
    [3, 9999],
    [5000, 999_999],
  ])('has the height of all %d rows when scrolled to %d', (rows, scrolled) => {
    const { first, end, before, after } = windowOf(rows, 34, scrolled, 680);
    expect(before + (end - first) * 34 + after).toBe(rows * 34);
    expect(end - first).toBeLessThanOrEqual(40);
    expect(end - first > 0).toBe(rows > 0);
  });
});
