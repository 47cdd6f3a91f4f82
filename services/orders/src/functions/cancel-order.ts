import { moveOrder } from '../move-order-http.ts';
import { cancel } from '../order.ts';

export const handler = moveOrder(cancel, 'cancelled');
