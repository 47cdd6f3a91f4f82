import { OrderId } from '@orderly/contracts';
import { pageQuery } from '@orderly/lambda/page';

/** The order whose customer was told. */
export const NotificationsQuery = pageQuery({ orderId: OrderId });
