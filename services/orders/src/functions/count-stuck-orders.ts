import { environment, number } from '@orderly/functions/env';
import { log } from '@orderly/functions/observability/log';
import { gauge } from '@orderly/functions/observability/metrics';
import { schedule } from '@orderly/functions/schedule';
import { undecidedOrders } from '../adapters/order-table.ts';
import { countStuckOrders } from '../domain/stuck-orders.ts';

const env = environment({ STUCK_AFTER_SECONDS: number(300) });

export const handler = schedule(async () => {
  const stuck = await countStuckOrders(undecidedOrders(), new Date(), env.STUCK_AFTER_SECONDS * 1000);
  gauge('OrdersStuck', stuck.count, 'Count');
  gauge('OldestPlacedAge', stuck.oldestAge, 'Seconds');
  if (stuck.count > 0) log.warn('Orders stay PLACED', { ...stuck });
  return stuck;
});
