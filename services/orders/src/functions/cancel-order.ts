import { http, ok } from '@orderly/functions/http/handler';
import { changeOrder } from '../adapters/order-table.ts';
import { recordOutcome } from '../adapters/order-telemetry.ts';
import { checkAccess } from '../api/access.ts';
import { logKeys, OrderPath, showMoved } from '../api/orders.ts';
import { cancel } from '../domain/order.ts';

export const handler = http({ path: OrderPath, logKeys }, async ({ path: { orderId }, caller }) => {
  const outcome = await changeOrder(orderId, (order) => {
    checkAccess(caller, order);
    return cancel(order, new Date());
  });
  recordOutcome(outcome);
  return ok(showMoved(orderId, outcome, 'cancelled'));
});
