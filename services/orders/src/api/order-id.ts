import { createHash, randomUUID } from 'node:crypto';
import { type CustomerId, OrderId } from '@orderly/contracts';
import { derivedUuid } from '@orderly/functions/derived-uuid';
import * as v from 'valibot';

/**
 * The id of a new order. With an idempotency key it is derived from customer and key, so that the same request
 * always means the same order and no second item has to guard that.
 */
export const newOrderId = (customer: CustomerId, idempotencyKey: string | undefined): OrderId =>
  v.parse(
    OrderId,
    idempotencyKey === undefined ? randomUUID() : derivedUuid(`${customer}\0${idempotencyKey}`),
  );

/** The same exactly when two requests ask for the same thing. */
export function requestHash(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}
