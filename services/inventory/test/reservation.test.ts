import { parse, StockRejected, StockReleased, StockReserved, StockShipped } from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import { type Change, type NoChange, type Reservation, transition } from '../src/domain/reservation.ts';
import { releasing, reserving, shipping } from '../src/domain/stock.ts';
import { line, noon, oneOClock, orderId, short } from './builders.ts';

const order = orderId();
const lines = [line('MUG', 3), line('CUP', 1)];
const shortages = [short('MUG', 3, 1)];

const requests = {
  reserve: { orderId: order, action: 'reserve', lines },
  reject: { orderId: order, action: 'reject', lines, shortages },
  release: { orderId: order, action: 'release' },
  ship: { orderId: order, action: 'ship' },
} as const;
type Action = keyof typeof requests;

const after = (action: Action, from?: Reservation, at = noon) => transition(from, requests[action], at);

function changed(outcome: Change | NoChange): Reservation {
  if (outcome.outcome !== 'changed') throw new Error(`Not changed: ${outcome.outcome}`);
  return outcome.reservation;
}

const reserved = changed(after('reserve'));
const reservations = {
  'no reservation': undefined,
  RESERVED: reserved,
  REJECTED: changed(after('reject')),
  RELEASED: changed(after('release', reserved)),
  'mark of an early cancellation': changed(after('release')),
  SHIPPED: changed(after('ship', reserved)),
};

it.each([
  ['no reservation', 'reserve', 'RESERVED', reserving, StockReserved],
  ['no reservation', 'reject', 'REJECTED', undefined, StockRejected],
  ['RESERVED', 'release', 'RELEASED', releasing, StockReleased],
  ['RESERVED', 'ship', 'SHIPPED', shipping, StockShipped],
] as const)(
  '%s: %s makes it %s, moves every line, and publishes an event that keeps its contract',
  (from, action, status, movement, { type, schema }) => {
    const outcome = after(action, reservations[from], oneOClock);

    expect(outcome).toMatchObject({
      outcome: 'changed',
      reservation: {
        ...{ orderId: order, status, lines, updatedAt: '2026-01-31T13:00:00.000Z' },
        version: (reservations[from]?.version ?? 0) + 1,
      },
      events: [{ type, data: { orderId: order } }],
    });
    const { stock, events } = outcome as Change;
    expect(stock).toEqual(movement && { lines, movement });
    const sealed = events.map((event) => seal(event, { subject: order }));
    expect(sealed.map((event) => parse<unknown>(schema, event).outcome)).toEqual(['valid']);
  },
);

it('a cancellation that comes before the order leaves a mark, moves nothing and publishes nothing', () => {
  const outcome = after('release');

  expect(outcome).toMatchObject({
    outcome: 'changed',
    reservation: { status: 'RELEASED', lines: [], version: 1 },
    events: [],
  });
  expect(outcome).not.toHaveProperty('stock');
});

it.each([
  ['RESERVED', 'reserve', 'unchanged'],
  ['REJECTED', 'reserve', 'unchanged'],
  ['RELEASED', 'reserve', 'unchanged'],
  ['mark of an early cancellation', 'reserve', 'unchanged'],
  ['SHIPPED', 'reserve', 'unchanged'],
  ['RESERVED', 'reject', 'unchanged'],
  ['mark of an early cancellation', 'reject', 'unchanged'],
  ['REJECTED', 'release', 'unchanged'],
  ['RELEASED', 'release', 'unchanged'],
  ['mark of an early cancellation', 'release', 'unchanged'],
  ['SHIPPED', 'release', 'refused'],
  ['SHIPPED', 'ship', 'unchanged'],
  ['no reservation', 'ship', 'refused'],
  ['REJECTED', 'ship', 'refused'],
  ['RELEASED', 'ship', 'refused'],
  ['mark of an early cancellation', 'ship', 'refused'],
] as const)('%s: %s is %s', (from, action, outcome) => {
  expect(after(action, reservations[from])).toEqual({ outcome });
});

it('a rejection stores and publishes what was short', () => {
  expect(after('reject')).toMatchObject({ reservation: { shortages }, events: [{ data: { shortages } }] });
});
