import type { CloudEvent, NotificationKind } from '@orderly/contracts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { handler } from '../src/functions/consume-order-events.ts';

withResourcesOf('notifications');

/** The customer has not been told yet: the examples of all revisions are of one order. */
const untold =
  (sk: NotificationKind) =>
  ({ subject }: CloudEvent) =>
    removeItem('test-notifications', { pk: `ORDER#${subject}`, sk });

replaysReleasedEvents('notifications', handler, {
  OrderConfirmed: untold('order-confirmed'),
  OrderRejected: untold('order-rejected'),
  OrderCancelled: untold('order-cancelled'),
  OrderShipped: untold('order-shipped'),
});
