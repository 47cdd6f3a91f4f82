import { OrderCancelled, OrderPlaced, OrderShipped, on } from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { changeReservation, type Result } from '../adapters/reservation-table.ts';
import { reject, release, reserve, ship } from '../domain/reservation.ts';

const metrics = {
  RESERVED: 'StockReserved',
  REJECTED: 'StockShort',
  RELEASED: 'StockReleased',
  SHIPPED: 'StockShipped',
} as const;

/** What the stock or the state machine does not allow is not ours to drop: it ends in the dead-letter queue. */
function settled(result: Result): void {
  if (result.outcome === 'changed') {
    const { status } = result;
    count(metrics[status]);
    log.info('Reservation changed', { status });
  } else if (result.outcome === 'unchanged') {
    count('DuplicatesAbsorbed');
  } else {
    throw new Error(`The reservation does not allow this: ${result.outcome}`);
  }
}

export const handler = consume(
  on(OrderPlaced, async ({ data: { orderId, lines: ordered } }, { remainingMs }) => {
    const now = new Date();
    const lines = ordered.map(({ sku, quantity }) => ({ sku, quantity }));
    const result = await changeReservation(orderId, (current) => reserve(current, orderId, lines, now), {
      assumeNew: true,
      remainingMs,
    });
    if (result.outcome !== 'short') return settled(result);
    const { shortages } = result;
    settled(
      await changeReservation(orderId, (current) => reject(current, orderId, lines, shortages, now), {
        assumeNew: true,
        remainingMs,
      }),
    );
  }),
  on(OrderCancelled, async ({ data: { orderId } }, { remainingMs }) =>
    settled(
      await changeReservation(orderId, (current) => release(current, orderId, new Date()), { remainingMs }),
    ),
  ),
  on(OrderShipped, async ({ data: { orderId } }, { remainingMs }) =>
    settled(
      await changeReservation(orderId, (current) => ship(current, orderId, new Date()), { remainingMs }),
    ),
  ),
);
