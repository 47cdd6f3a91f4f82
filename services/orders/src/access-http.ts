import type { Customer } from '@orderly/contracts';
import type { Caller } from '@orderly/lambda/http';

/**
 * Whether a caller may see, place and cancel a customer's orders: their own, and with the scope `orders:admin` anyone's.
 * Everybody may where the stage is open. The scopes of the routes stand in serverless.yml.
 */
export function mayActFor(caller: Caller | undefined, customer: Pick<Customer, 'id'>): boolean {
  return caller === undefined || caller.sub === customer.id || isAdmin(caller);
}

/**
 * Whether messages about an order may go to this address: where the token names one that the issuer has verified, only to that.
 * Letter case makes no difference.
 */
export function mayUseAddress(caller: Caller | undefined, { email }: Pick<Customer, 'email'>): boolean {
  const { verifiedEmail } = caller ?? {};
  if (caller === undefined || verifiedEmail === undefined || isAdmin(caller)) return true;
  return verifiedEmail.toLowerCase() === email.toLowerCase();
}

const isAdmin = ({ scopes }: Caller): boolean => scopes.has('orders:admin');
