import type { CustomerId } from '@orderly/contracts';
import type { Caller } from '@orderly/functions/http/caller';

/**
 * Whether a caller may see a customer's notifications: their own, and with the scope `orders:admin` anyone's. In an open
 * stage everybody may.
 *
 * @param customerId `undefined` for a notification from before it was kept
 */
export function maySee(caller: Caller | undefined, customerId: CustomerId | undefined): boolean {
  return caller === undefined || caller.sub === customerId || caller.scopes.has('orders:admin');
}
