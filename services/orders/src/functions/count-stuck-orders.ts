import { environment, number } from '@orderly/lambda/env';
import { gauge } from '@orderly/lambda/gauge';
import { log } from '@orderly/lambda/log';
import { undecidedOrders } from '../order-table.ts';
import { countStuckOrders, type StuckOrders } from '../stuck-orders.ts';

const env = environment({ STUCK_AFTER_SECONDS: number(300) });

export const handler = async (): Promise<StuckOrders> => {
  const stuck = await countStuckOrders(undecidedOrders(), new Date(), env.STUCK_AFTER_SECONDS * 1000);
  gauge('OrdersStuck', stuck.count, 'Count');
  gauge('OldestPlacedAge', stuck.oldestAge, 'Seconds');
  if (stuck.count > 0) log.warn('Orders stay PLACED', { ...stuck });
  return stuck;
};
