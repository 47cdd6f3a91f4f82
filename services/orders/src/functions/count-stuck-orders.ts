import { environment, number } from '@orderly/functions/env';
import { beginInvocation, log } from '@orderly/functions/observability/log';
import { flushMetrics, gauge } from '@orderly/functions/observability/metrics';
import type { Context } from 'aws-lambda';
import { undecidedOrders } from '../adapters/order-table.ts';
import { countStuckOrders, type StuckOrders } from '../domain/stuck-orders.ts';

const env = environment({ STUCK_AFTER_SECONDS: number(300) });

export const handler = async (_event: unknown, context: Context): Promise<StuckOrders> => {
  beginInvocation(context);
  const stuck = await countStuckOrders(undecidedOrders(), new Date(), env.STUCK_AFTER_SECONDS * 1000);
  gauge('OrdersStuck', stuck.count, 'Count');
  gauge('OldestPlacedAge', stuck.oldestAge, 'Seconds');
  flushMetrics();
  if (stuck.count > 0) log.warn('Orders stay PLACED', { ...stuck });
  return stuck;
};
