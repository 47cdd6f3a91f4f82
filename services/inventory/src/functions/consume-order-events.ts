import { OrderCancelled, OrderPlaced, OrderShipped, on } from '@orderly/contracts';
import { consume } from '@orderly/functions/messaging/consume';
import { log } from '@orderly/functions/observability/log';
import { count } from '@orderly/functions/observability/metrics';
import { changeReservation } from '../adapters/change-reservation.ts';
import type { ReservationResult } from '../adapters/reservation-table.ts';

const metrics = {
  RESERVED: 'StockReserved',
  REJECTED: 'StockShort',
  RELEASED: 'StockReleased',
  SHIPPED: 'StockShipped',
} as const;

/** @throws Error for what the stock or the state machine does not allow, which ends in the dead-letter queue */
function record(result: ReservationResult): void {
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
  { logKeys: { order_id: 'orderId' } },
  on(OrderPlaced, async ({ data: { orderId, lines: ordered } }, invocation) => {
    const lines = ordered.map(({ sku, quantity }) => ({ sku, quantity }));
    const result = await changeReservation({ action: 'reserve', orderId, lines }, invocation);
    if (result.outcome !== 'short') return record(result);
    const { shortages } = result;
    record(await changeReservation({ action: 'reject', orderId, lines, shortages }, invocation));
  }),
  on(OrderCancelled, async ({ data: { orderId } }, invocation) =>
    record(await changeReservation({ action: 'release', orderId }, invocation)),
  ),
  on(OrderShipped, async ({ data: { orderId } }, invocation) =>
    record(await changeReservation({ action: 'ship', orderId }, invocation)),
  ),
);
