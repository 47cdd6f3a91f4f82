import type { OrderRow, QueueState } from '../../src/api.ts';
import { shortId } from './format.ts';
import { address } from './url-state.ts';

/** One suggestion of the global search. */
export interface Hit {
  readonly kind: 'Order' | 'Queue' | 'Orders' | 'Events' | 'Log lines';
  readonly title: string;
  readonly detail: string;
  readonly href: string;
}

const MOST_QUEUES = 5;

/** What a text may mean, the most exact first; the last ones search a whole view. */
export const searchHits = (
  text: string,
  queues: readonly QueueState[],
  orders: readonly OrderRow[],
): readonly Hit[] => {
  const needle = text.toLowerCase();
  const orderHits = orders.map((order): Hit => {
    const what = order.reference ? `${order.customerId}, ${order.reference}` : order.customerId;
    return {
      kind: 'Order',
      title: shortId(order.orderId),
      detail: `${what}, ${order.status}`,
      href: address(['orders', order.orderId]),
    };
  });
  const queueHits = queues
    .filter((queue) => queue.name.toLowerCase().includes(needle))
    .slice(0, MOST_QUEUES)
    .map((queue): Hit => {
      const waiting = `${queue.waiting} waiting`;
      return { kind: 'Queue', title: queue.name, detail: waiting, href: address(['queues', queue.name]) };
    });
  const whole: readonly Hit[] = [
    {
      kind: 'Orders',
      title: `“${text}”`,
      detail: 'all that match',
      href: address(['orders'], { query: text }),
    },
    {
      kind: 'Events',
      title: `“${text}”`,
      detail: 'ids, subjects, payloads',
      href: address(['events'], { text }),
    },
    {
      kind: 'Log lines',
      title: `“${text}”`,
      detail: 'of all functions',
      href: address(['functions'], { text }),
    },
  ];
  const exactQueue = queueHits.some((hit) => hit.title.toLowerCase() === needle);
  return exactQueue ? [...queueHits, ...orderHits, ...whole] : [...orderHits, ...queueHits, ...whole];
};
