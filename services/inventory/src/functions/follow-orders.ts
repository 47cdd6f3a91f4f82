import { OrderCancelled, OrderPlaced, OrderShipped, on } from '@orderly/contracts';
import { consume } from '@orderly/lambda/consume';
import { count } from '@orderly/lambda/log';
import { reject, release, reserve, ship } from '../reservation.ts';
import { changeReservation, type Settled } from '../reservation-table.ts';

/** What the stock or the state machine does not allow is not ours to drop: it ends in the dead-letter queue. */
function settled({ outcome }: Settled, metric: string): void {
  if (outcome === 'refused' || outcome === 'short')
    throw new Error(`The reservation does not allow this: ${outcome}`);
  count(outcome === 'changed' ? metric : 'DuplicatesAbsorbed');
}

export const handler = consume(
  on(OrderPlaced, async ({ data: { orderId, lines: ordered } }) => {
    const now = new Date();
    const lines = ordered.map(({ sku, quantity }) => ({ sku, quantity }));
    const result = await changeReservation(orderId, (current) => reserve(current, orderId, lines, now), {
      assumeNew: true,
    });
    if (result.outcome !== 'short') return settled(result, 'StockReserved');
    const { shortages } = result;
    settled(
      await changeReservation(orderId, (current) => reject(current, orderId, lines, shortages, now), {
        assumeNew: true,
      }),
      'StockShort',
    );
  }),
  on(OrderCancelled, async ({ data: { orderId } }) =>
    settled(
      await changeReservation(orderId, (current) => release(current, orderId, new Date())),
      'StockReleased',
    ),
  ),
  on(OrderShipped, async ({ data: { orderId } }) =>
    settled(
      await changeReservation(orderId, (current) => ship(current, orderId, new Date())),
      'StockShipped',
    ),
  ),
);
