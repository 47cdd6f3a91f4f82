import { moveOrder } from '../move-order-http.ts';
import { ship } from '../order.ts';

export const handler = moveOrder(ship, 'shipped');
