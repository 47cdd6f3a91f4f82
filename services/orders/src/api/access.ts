import { type Customer, parse } from '@orderly/contracts';
import type { Caller } from '@orderly/functions/http/caller';
import { EmailInput } from '@orderly/functions/http/email-input';
import type { Order } from '../domain/order.ts';
import { orderNotFound } from './orders.ts';

/**
 * Whether a caller may see, place and cancel a customer's orders: their own, and with the scope `orders:admin` anyone's.
 * In an open stage everybody may. The scopes of the routes are in serverless.yml.
 */
export function mayActFor(caller: Caller | undefined, customer: Pick<Customer, 'id'>): boolean {
  return caller === undefined || caller.sub === customer.id || isAdmin(caller);
}

/** @throws Problem for another customer's order: to this caller it does not exist */
export function checkAccess(caller: Caller | undefined, { orderId, customer }: Order): void {
  if (!mayActFor(caller, customer)) throw orderNotFound(orderId);
}

/**
 * Whether messages about an order may go to this address: if the token has an address that its issuer has verified, only
 * to that one, and with the scope `orders:admin` to any. Without a verified address the caller's word counts.
 */
export function mayMailTo(caller: Caller | undefined, { email }: Pick<Customer, 'email'>): boolean {
  if (caller?.email === undefined || isAdmin(caller)) return true;
  const verified = parse(EmailInput, caller.email);
  return verified.outcome === 'valid' && verified.value.toLowerCase() === email.toLowerCase();
}

const isAdmin = ({ scopes }: Caller): boolean => scopes.has('orders:admin');
