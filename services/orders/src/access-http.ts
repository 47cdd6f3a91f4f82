import type { Customer } from '@orderly/contracts';
import type { Caller } from '@orderly/lambda/http';

/**
 * Whether a caller may see, place and cancel a customer's orders: their own, and with the scope `orders:admin` anyone's.
 * Everybody may where the stage is open. The scopes of the routes stand in serverless.yml.
 */
export function mayActFor(caller: Caller | undefined, customer: Pick<Customer, 'id'>): boolean {
  return caller === undefined || caller.sub === customer.id || caller.scopes.has('orders:admin');
}
