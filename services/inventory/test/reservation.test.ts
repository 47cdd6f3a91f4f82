import { parse, StockRejected, StockReleased, StockReserved, StockShipped } from '@orderly/contracts';
import { seal } from '../../test/invoke.ts';
import { type Outcome, type Reservation, reject, release, reserve, ship } from '../src/reservation.ts';
import { releasing, reserving, shipping } from '../src/stock.ts';
import { line, noon, oneOClock, orderId, short } from './builders.ts';

const order = orderId();
const lines = [line('MUG', 3), line('CUP', 1)];
const shortages = [short('MUG', 3, 1)];

const verbs = {
  reserve: (current: Reservation | undefined) => reserve(current, order, lines, oneOClock),
  reject: (current: Reservation | undefined) => reject(current, order, lines, shortages, oneOClock),
  release: (current: Reservation | undefined) => release(current, order, oneOClock),
  ship: (current: Reservation | undefined) => ship(current, order, oneOClock),
};

function changed(outcome: Outcome): Reservation {
  if (outcome.outcome !== 'changed') throw new Error(`Not changed: ${outcome.outcome}`);
  return outcome.reservation;
}

const reserved = changed(reserve(undefined, order, lines, noon));
const reservations = {
  'no reservation': undefined,
  RESERVED: reserved,
  REJECTED: changed(reject(undefined, order, lines, shortages, noon)),
  RELEASED: changed(release(reserved, order, noon)),
  'mark of an early cancellation': changed(release(undefined, order, noon)),
  SHIPPED: changed(ship(reserved, order, noon)),
};

it.each([
  ['no reservation', 'reserve', 'RESERVED', reserving, 'orderly.stock.reserved.v1'],
  ['no reservation', 'reject', 'REJECTED', undefined, 'orderly.stock.rejected.v1'],
  ['RESERVED', 'release', 'RELEASED', releasing, 'orderly.stock.released.v1'],
  ['RESERVED', 'ship', 'SHIPPED', shipping, 'orderly.stock.shipped.v1'],
] as const)('%s: %s makes it %s, moves every line, and is told', (from, verb, status, movement, type) => {
  const outcome = verbs[verb](reservations[from]);

  expect(outcome).toMatchObject({
    outcome: 'changed',
    reservation: {
      ...{ orderId: order, status, lines, updatedAt: '2026-01-31T13:00:00.000Z' },
      version: (reservations[from]?.version ?? 0) + 1,
    },
    events: [{ type, data: { orderId: order } }],
  });
  expect(outcome.outcome === 'changed' && outcome.movement).toBe(movement);
});

it('a cancellation that comes before the order leaves a mark, moves nothing and tells nothing', () => {
  const outcome = release(undefined, order, noon);

  expect(outcome).toMatchObject({
    outcome: 'changed',
    reservation: { status: 'RELEASED', lines: [], version: 1 },
    events: [],
  });
  expect(outcome).not.toHaveProperty('movement');
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
] as const)('%s: %s is %s', (from, verb, outcome) => {
  expect(verbs[verb](reservations[from])).toEqual({ outcome });
});

it('a rejection keeps and tells what was short', () => {
  expect(verbs.reject(undefined)).toMatchObject({
    reservation: { shortages },
    events: [{ data: { shortages } }],
  });
});

it.each([
  ['reserve', StockReserved.schema, verbs.reserve(undefined)],
  ['reject', StockRejected.schema, verbs.reject(undefined)],
  ['release', StockReleased.schema, verbs.release(reserved)],
  ['ship', StockShipped.schema, verbs.ship(reserved)],
] as const)('the event of %s keeps its contract', (_verb, schema, outcome) => {
  const [event] = outcome.outcome === 'changed' ? outcome.events : [];
  if (event === undefined) throw new Error('There is no event');

  expect(parse<unknown>(schema, seal(event, { subject: order }))).toMatchObject({ ok: true });
});
