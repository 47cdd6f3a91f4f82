import { created, http } from '@orderly/functions/http/handler';
import { findInsertion, type Insertion, insertOrder } from '../adapters/order-table.ts';
import { recordChange, recordRepeat } from '../adapters/order-telemetry.ts';
import { findProducts } from '../adapters/product-table.ts';
import { mayActFor, mayMailTo } from '../api/access.ts';
import { newOrderId, requestHash } from '../api/order-id.ts';
import {
  NewOrder,
  orderKeyReused,
  orderRefused,
  otherCustomer,
  otherEmail,
  showOrder,
  sortedPairs,
} from '../api/orders.ts';
import { asPlaced, type OrderNotes, place } from '../domain/order.ts';
import { mergeLines, price } from '../domain/pricing.ts';

export const handler = http({ body: NewOrder }, async ({ body, idempotencyKey, caller }) => {
  const { customer } = body;
  if (!mayActFor(caller, customer)) throw otherCustomer();
  if (!mayMailTo(caller, customer)) throw otherEmail();
  const notes = notesOf(body);
  const merged = mergeLines(body.lines);
  if (merged.outcome === 'refused') throw orderRefused(merged, body.lines);
  const priced = price(merged.lines, await findProducts(merged.lines.map(({ sku }) => sku)), notes);
  const orderId = newOrderId(customer.id, idempotencyKey);
  const noted = Object.keys(notes).length > 0 ? [notes] : [];
  const request = requestHash([customer.id, customer.email, merged.lines, ...noted]);

  if (priced.outcome === 'refused') {
    // A repeat is answered like the first request, even if its products cannot be ordered together any more.
    const first = idempotencyKey === undefined ? undefined : await findInsertion(orderId, request);
    if (first === undefined) throw orderRefused(priced, body.lines);
    return answer(first);
  }
  const { currency, lines, total } = priced;
  const order = place({ orderId, customer, currency, lines, total, ...notes }, new Date());
  return answer(await insertOrder(order, request));
});

function answer({ outcome, order }: Insertion) {
  if (outcome === 'other-request') throw orderKeyReused();
  if (outcome === 'inserted') recordChange(order);
  else recordRepeat();
  return created(`/orders/${order.orderId}`, showOrder(asPlaced(order)));
}

/** Pairs in one order, so that the same notes are the same request. */
function notesOf({ reference, metadata }: OrderNotes): OrderNotes {
  return {
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata: sortedPairs(metadata) }),
  };
}
