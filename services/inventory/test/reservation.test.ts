import { parse, StockRejected, StockReleased, StockReserved, StockShipped } from '@orderly/contracts';
import { seal } from '../../../tests/platform/invoke.ts';
import {
  isSettled,
  type Outcome,
  type Reservation,
  reject,
  release,
  reserve,
  ship,
} from '../src/domain/reservation.ts';
import { releasing, reserving, shipping } from '../src/domain/stock.ts';
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
  expect(outcome.outcome === 'changed' && outcome.stock).toEqual(movement && { lines, movement });
});

it('a cancellation that comes before the order leaves a mark, moves nothing and tells nothing', () => {
  const outcome = release(undefined, order, noon);

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
] as const)('%s: %s is %s', (from, verb, outcome) => {
  expect(verbs[verb](reservations[from])).toEqual({ outcome });
});

describe('an order of 250 lines', () => {
  const many = Array.from({ length: 250 }, (_, index) => line(`S${index}`, 1));
  const all = {
    reserve: (current?: Reservation) => reserve(current, order, many, noon),
    reject: (current?: Reservation) => reject(current, order, many, shortages, noon),
    release: (current?: Reservation) => release(current, order, noon),
    ship: (current?: Reservation) => ship(current, order, noon),
  };

  /** The reservation after so many steps of a verb. */
  const after = (verb: keyof typeof all, steps: number, from?: Reservation): Reservation | undefined =>
    steps === 0 ? from : after(verb, steps - 1, changed(all[verb](from)));

  /** Every step that a verb takes, to the end. */
  function story(verb: keyof typeof all, from?: Reservation): readonly string[] {
    const outcome = all[verb](from);
    if (outcome.outcome !== 'changed') throw new Error(`Not changed: ${outcome.outcome}`);
    const { reservation, stock, events } = outcome;
    const moved = `${stock?.lines[0]?.sku}..${stock?.lines.at(-1)?.sku}`;
    const told = events.map(({ type }) => type).join();
    const step = `${reservation.status} v${reservation.version} ${moved} ${told}`.trim();
    return isSettled(reservation) ? [step] : [step, ...story(verb, reservation)];
  }

  const standing = after('reserve', 3);

  it.each([
    [
      'is set aside 99 lines at a time, and stands and is told with the last',
      'reserve',
      undefined,
      ['RESERVING v0 S0..S98', 'RESERVING v0 S99..S197', 'RESERVED v1 S198..S249 orderly.stock.reserved.v1'],
    ],
    [
      'goes on where an earlier delivery stopped',
      'reserve',
      after('reserve', 2),
      ['RESERVED v1 S198..S249 orderly.stock.reserved.v1'],
    ],
    [
      'that turns out to be short gives back what it has, then is told as rejected, its first change to be seen',
      'reject',
      after('reserve', 2),
      ['REJECTING v0 S99..S197', 'REJECTED v1 S0..S98 orderly.stock.rejected.v1'],
    ],
    [
      'that was being rejected goes on so when it is delivered again',
      'reserve',
      after('reject', 1, after('reserve', 2)),
      ['REJECTED v1 S0..S98 orderly.stock.rejected.v1'],
    ],
    [
      'that is cancelled while it is set aside is given back, and nobody is told of what nobody heard of',
      'release',
      after('reserve', 2),
      ['RELEASING v0 S99..S197', 'RELEASED v1 S0..S98'],
    ],
    [
      'that is cancelled while it is being rejected is given back untold, too',
      'release',
      after('reject', 1, after('reserve', 2)),
      ['RELEASED v1 S0..S98'],
    ],
    [
      'that stands is released from its end, and told when all is back',
      'release',
      standing,
      ['RELEASING v1 S151..S249', 'RELEASING v1 S52..S150', 'RELEASED v2 S0..S51 orderly.stock.released.v1'],
    ],
    [
      'that stands is shipped from its end, and told when all has left',
      'ship',
      standing,
      ['SHIPPING v1 S151..S249', 'SHIPPING v1 S52..S150', 'SHIPPED v2 S0..S51 orderly.stock.shipped.v1'],
    ],
  ] as const)('%s', (_rule, verb, from, steps) => {
    expect(story(verb, from)).toEqual(steps);
  });

  it.each([
    { status: 'RELEASING', from: after('release', 1, standing), verb: 'reserve', outcome: 'unchanged' },
    { status: 'RELEASING', from: after('release', 1, standing), verb: 'reject', outcome: 'unchanged' },
    { status: 'RELEASING', from: after('release', 1, standing), verb: 'ship', outcome: 'refused' },
    { status: 'SHIPPING', from: after('ship', 1, standing), verb: 'reserve', outcome: 'unchanged' },
    { status: 'SHIPPING', from: after('ship', 1, standing), verb: 'release', outcome: 'refused' },
    { status: 'RESERVING', from: after('reserve', 1), verb: 'ship', outcome: 'refused' },
    { status: 'REJECTING', from: after('reject', 1, after('reserve', 2)), verb: 'ship', outcome: 'refused' },
  ] as const)('that is $status: $verb is $outcome', ({ status, from, verb, outcome }) => {
    expect(from?.status).toBe(status);
    expect(all[verb](from)).toEqual({ outcome });
  });

  it('forgets what was short of it once it is cancelled', () => {
    const rejecting = after('reject', 1, after('reserve', 2));

    expect(rejecting).toMatchObject({ shortages });
    expect(changed(all.release(rejecting))).not.toHaveProperty('shortages');
  });
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
