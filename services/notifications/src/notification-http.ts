import { OrderId } from '@orderly/contracts';
import { pageFields } from '@orderly/lambda/page';
import * as v from 'valibot';

/** The order whose customer was told. */
export const NotificationsQuery = v.object({ orderId: OrderId, ...pageFields });
