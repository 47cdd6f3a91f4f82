import fc from 'fast-check';
import { OrderPlaced, SequenceGuard, StockReserved } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

const at = (sequence: number, subject = 'A') => sampleEvent(OrderPlaced, { subject, sequence });

it('an event is new until one of the same aggregate with the same or a higher sequence was handled', () => {
  const guard = new SequenceGuard();

  expect(guard.isNew(at(2))).toBe(true);
  guard.handled(at(2));

  expect([1, 2, 3].map((sequence) => guard.isNew(at(sequence)))).toEqual([false, false, true]);
  expect(guard.isNew(at(1, 'B'))).toBe(true);
});

it('a failed event is still new when it is redelivered', () => {
  const guard = new SequenceGuard();

  guard.isNew(at(1));

  expect(guard.isNew(at(1))).toBe(true);
});

it('an order and its reservation, which share a subject, have separate sequences', () => {
  const guard = new SequenceGuard();
  const order = at(2, 'A');
  const reservation = sampleEvent(StockReserved, { subject: 'A', sequence: 1 });

  guard.handled(order);

  expect(guard.isNew(reservation)).toBe(true);
});

it('an older event that was handled late does not make newer ones new again', () => {
  const guard = new SequenceGuard();
  guard.handled(at(3));

  guard.handled(at(1));

  expect(guard.isNew(at(2))).toBe(false);
});

it('a full guard drops the aggregate that was handled longest ago', () => {
  const guard = new SequenceGuard({ capacity: 2 });
  for (const subject of ['A', 'B']) guard.handled(at(1, subject));
  guard.handled(at(2, 'A'));

  guard.handled(at(1, 'C'));

  expect(['A', 'B', 'C'].map((subject) => guard.isNew(at(1, subject)))).toEqual([false, true, false]);
});

it('in any order and with any duplicates, handled events only get newer', () => {
  const delivery = fc.record({
    subject: fc.constantFrom('A', 'B'),
    sequence: fc.integer({ min: 1, max: 9 }),
  });
  fc.assert(
    fc.property(fc.array(delivery), (deliveries) => {
      const guard = new SequenceGuard();
      const handled = new Map<string, number[]>();

      for (const { subject, sequence } of deliveries) {
        const event = at(sequence, subject);
        if (!guard.isNew(event)) continue;
        guard.handled(event);
        handled.set(subject, [...(handled.get(subject) ?? []), sequence]);
      }

      for (const [subject, sequences] of handled) {
        expect(sequences).toEqual([...new Set(sequences)].sort((one, other) => one - other));
        const all = deliveries.filter((event) => event.subject === subject);
        expect(sequences.at(-1)).toBe(Math.max(...all.map(({ sequence }) => sequence)));
      }
    }),
  );
});
