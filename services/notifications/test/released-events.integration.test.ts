import type { CloudEvent, NotificationKind } from '@orderly/contracts';
import { replaysReleasedEvents } from '../../../tests/platform/released-events.ts';
import { removeItem, withResourcesOf } from '../../../tests/platform/resources.ts';
import { handler } from '../src/functions/consume-order-events.ts';

withResourcesOf('notifications');

/** The message was not sent yet: the examples of all revisions are of one order. */
const unsent =
  (sk: NotificationKind) =>
  ({ subject }: CloudEvent) =>
    removeItem('test-notifications', { pk: `ORDER#${subject}`, sk });

replaysReleasedEvents('notifications', handler, {
  OrderConfirmed: unsent('order-confirmed'),
  OrderRejected: unsent('order-rejected'),
  OrderCancelled: unsent('order-cancelled'),
  OrderShipped: unsent('order-shipped'),
});
