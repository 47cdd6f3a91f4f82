import { createHash, randomUUID } from 'node:crypto';
import { type CustomerId, OrderId } from '@orderly/contracts';
import * as v from 'valibot';

/**
 * The id of a new order. With an idempotency key it is derived from customer and key, so that the same request
 * always means the same order and no second item has to guard that: a UUIDv8 (RFC 9562, section 5.8) of SHA-256.
 */
export function newOrderId(customer: CustomerId, idempotencyKey: string | undefined): OrderId {
  if (idempotencyKey === undefined) return v.parse(OrderId, randomUUID());
  const hash = createHash('sha256').update(`${customer}\0${idempotencyKey}`).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x80, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex');
  const groups = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)];
  return v.parse(OrderId, groups.join('-'));
}

/** The same exactly when two requests ask for the same thing. */
export function requestHash(request: unknown): string {
  return createHash('sha256').update(JSON.stringify(request)).digest('base64url');
}
