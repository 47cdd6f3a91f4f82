import { log } from '@orderly/functions/observability/log';
import * as metrics from '@orderly/functions/observability/metrics';
import { recordChange } from '../src/adapters/order-telemetry.ts';
import { cancel, confirm, reject, ship } from '../src/domain/order.ts';
import { noon, placing } from './builders.ts';

const { order } = placing();
const later = new Date(noon.getTime() + 1_234);
const changed = (outcome: ReturnType<typeof confirm>) => outcome.order;
const confirmed = changed(confirm(order, later));

it.each([
  [order, 'OrdersPlaced'],
  [confirmed, 'OrdersConfirmed'],
  [changed(reject(order, [], later)), 'OrdersRejected'],
  [changed(cancel(confirmed, later)), 'OrdersCancelled'],
  [changed(ship(confirmed, later)), 'OrdersShipped'],
])('a change to $status counts once as %s, and is a line of ids only', (changedOrder, metric) => {
  const count = jest.spyOn(metrics, 'count');
  const measure = jest.spyOn(metrics, 'measure');
  const info = jest.spyOn(log, 'info');

  recordChange(changedOrder);

  const { orderId, status, version } = changedOrder;
  expect(count.mock.calls).toEqual([[metric]]);
  expect(measure.mock.calls).toEqual(status === 'CONFIRMED' ? [['TimeToConfirmation', 1_234]] : []);
  expect(info.mock.calls).toEqual([['Order changed', { order_id: orderId, status, version }]]);
  jest.restoreAllMocks();
});
