import { ship } from '../order.ts';
import { moveOrder } from '../order-http.ts';

export const handler = moveOrder(ship, 'shipped');
