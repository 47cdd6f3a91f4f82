import { log } from '@orderly/functions/observability/log';
import { count, measure } from '@orderly/functions/observability/metrics';
import type { Order, Outcome } from '../domain/order.ts';

const metrics = {
  PLACED: 'OrdersPlaced',
  CONFIRMED: 'OrdersConfirmed',
  REJECTED: 'OrdersRejected',
  CANCELLED: 'OrdersCancelled',
  SHIPPED: 'OrdersShipped',
} as const;

/** Counts and logs a change of an order; called once, when it is written. */
export function recordChange({ orderId, status, version, placedAt, confirmedAt }: Order): void {
  count(metrics[status]);
  if (status === 'CONFIRMED' && confirmedAt !== undefined) {
    measure('TimeToConfirmation', Date.parse(confirmedAt) - Date.parse(placedAt));
  }
  log.info('Order changed', { order_id: orderId, status, version });
}

/** Counts a request or an event that changed nothing: a repeat, or one that came too late. */
export function recordRepeat(): void {
  count('DuplicatesAbsorbed');
}

/** Counts and logs the outcome of a request or an event. */
export function recordOutcome(outcome: Outcome | undefined): void {
  if (outcome?.outcome === 'changed') recordChange(outcome.order);
  else if (outcome !== undefined) recordRepeat();
}
