import type { Evidence, NotificationItem, OrderItem } from '../evidence.ts';
import { groupBy } from '../group-by.ts';
import { eventsOfOrder } from './expected-events.ts';
import { type Finding, found } from './finding.ts';

export function notificationFindings({ orders, notifications, mails }: Evidence): Finding[] {
  const arrived = mails && new Set(mails);
  const ofOrder = groupBy(notifications, ({ orderId }) => orderId);
  return [
    ...notifications.flatMap(({ notificationId, status }) =>
      statusFindings(notificationId, status, arrived?.has(`<${notificationId}@orderly>`)),
    ),
    ...orders.flatMap((order) => kindFindings(order, ofOrder.get(order.orderId) ?? [])),
  ];
}

/** @param arrived whether its mail has; undefined where mails are only logged */
function statusFindings(id: string, status: string, arrived: boolean | undefined): Finding[] {
  if (status === 'PENDING') return [found('lost', `Notification ${id} is PENDING for ever`)];
  if (status === 'SENT' && arrived === false)
    return [found('lost', `Notification ${id} is SENT, and no mail has arrived`)];
  if (status === 'FAILED' && arrived === undefined)
    return [found('lost', `Notification ${id} is FAILED, and no mail was refused`)];
  if (status === 'FAILED' && arrived)
    return [found('inconsistent', `Notification ${id} is FAILED, and its mail has arrived`)];
  return [];
}

/** An order has exactly one notification for each of its transitions. */
function kindFindings(order: OrderItem, notifications: readonly NotificationItem[]): Finding[] {
  const kinds = notifications.map(({ kind }) => kind);
  const expected = eventsOfOrder(order)
    .slice(1)
    .map((name) => name.replace('.', '-'));
  const missing = expected.filter((kind) => !kinds.includes(kind));
  return [
    ...missing.map((kind) => found('lost', `Order ${order.orderId}: no ${kind} notification`)),
    ...kinds.flatMap((kind, at) => {
      if (!expected.includes(kind))
        return [found('doubled', `Order ${order.orderId}: a ${kind} notification that nothing caused`)];
      const again = kinds.indexOf(kind) !== at;
      return again ? [found('doubled', `Order ${order.orderId}: another ${kind} notification`)] : [];
    }),
  ];
}
