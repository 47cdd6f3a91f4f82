import { nextStep, type StoredReservation } from '../src/domain/large-reservation.ts';
import type { ReservationRequest } from '../src/domain/reservation.ts';
import { line, noon, orderId, short } from './builders.ts';

const order = orderId();
const lines = Array.from({ length: 250 }, (_, index) => line(`S${index}`, 1));
const shortages = [short('S249', 1, 0)];

type Action = ReservationRequest['action'];
const requestOf = (action: Action): ReservationRequest =>
  ({ orderId: order, action, lines, shortages }) as ReservationRequest;
const step = (action: Action, from?: StoredReservation) => nextStep(from, requestOf(action), noon);

/** Every reservation that the steps of an action lead to, and what each step does, as text. */
function stepsOf(
  action: Action,
  from?: StoredReservation,
): readonly (readonly [StoredReservation, string])[] {
  const next = step(action, from);
  if (next.outcome !== 'changed') return [];
  const { reservation, stock, events } = next;
  const moved = `${stock?.lines[0]?.sku}..${stock?.lines.at(-1)?.sku}`;
  const published = events.map(({ type }) => type).join();
  const text = `${reservation.status} v${reservation.version} ${moved} ${published}`.trim();
  return [[reservation, text], ...('holding' in reservation ? stepsOf(action, reservation) : [])];
}

const after = (action: Action, steps: number, from?: StoredReservation) =>
  stepsOf(action, from)[steps - 1]?.[0];

const reserved = after('reserve', 3);
const reserving = after('reserve', 2);
const rejecting = after('reject', 1, reserving);

describe('an order of 250 lines', () => {
  it.each([
    [
      'is set aside 99 lines at a time, and is RESERVED and published with the last',
      'reserve',
      undefined,
      ['RESERVING v0 S0..S98', 'RESERVING v0 S99..S197', 'RESERVED v1 S198..S249 orderly.stock.reserved.v1'],
    ],
    [
      'continues where an earlier delivery stopped',
      'reserve',
      reserving,
      ['RESERVED v1 S198..S249 orderly.stock.reserved.v1'],
    ],
    [
      'that turns out to be short gives back what it holds, then publishes its rejection as its first change',
      'reject',
      reserving,
      ['REJECTING v0 S99..S197', 'REJECTED v1 S0..S98 orderly.stock.rejected.v1'],
    ],
    [
      'that was being rejected continues so when it is redelivered',
      'reserve',
      rejecting,
      ['REJECTED v1 S0..S98 orderly.stock.rejected.v1'],
    ],
    [
      'that is cancelled while it is set aside is given back, and nothing is published',
      'release',
      reserving,
      ['RELEASING v0 S99..S197', 'RELEASED v1 S0..S98'],
    ],
    [
      'that is cancelled while it is being rejected is given back, and nothing is published',
      'release',
      rejecting,
      ['RELEASED v1 S0..S98'],
    ],
    [
      'that is RESERVED is released from its end, and published when all is back',
      'release',
      reserved,
      ['RELEASING v1 S151..S249', 'RELEASING v1 S52..S150', 'RELEASED v2 S0..S51 orderly.stock.released.v1'],
    ],
    [
      'that is RESERVED is shipped from its end, and published when all has left',
      'ship',
      reserved,
      ['SHIPPING v1 S151..S249', 'SHIPPING v1 S52..S150', 'SHIPPED v2 S0..S51 orderly.stock.shipped.v1'],
    ],
  ] as const)('%s', (_rule, action, from, steps) => {
    expect(stepsOf(action, from).map(([, text]) => text)).toEqual(steps);
  });

  it.each([
    { status: 'RELEASING', from: after('release', 1, reserved), action: 'reserve', outcome: 'unchanged' },
    { status: 'RELEASING', from: after('release', 1, reserved), action: 'reject', outcome: 'unchanged' },
    { status: 'RELEASING', from: after('release', 1, reserved), action: 'ship', outcome: 'refused' },
    { status: 'SHIPPING', from: after('ship', 1, reserved), action: 'reserve', outcome: 'unchanged' },
    { status: 'SHIPPING', from: after('ship', 1, reserved), action: 'release', outcome: 'refused' },
    { status: 'RESERVING', from: reserving, action: 'ship', outcome: 'refused' },
    { status: 'REJECTING', from: rejecting, action: 'ship', outcome: 'refused' },
  ] as const)('that is $status: $action is $outcome', ({ status, from, action, outcome }) => {
    expect(from?.status).toBe(status);
    expect(step(action, from)).toEqual({ outcome });
  });

  it('loses its shortages once it is cancelled', () => {
    expect(rejecting).toMatchObject({ shortages });
    expect(after('release', 1, rejecting)).not.toHaveProperty('shortages');
  });
});
