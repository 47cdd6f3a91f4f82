import { cancel } from '../order.ts';
import { moveOrder } from '../order-http.ts';

export const handler = moveOrder(cancel, 'cancelled');
