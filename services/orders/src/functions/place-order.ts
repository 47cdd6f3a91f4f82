import type { SkuQuantity } from '@orderly/contracts';
import { created, http } from '@orderly/functions/http/handler';
import { unprocessable } from '@orderly/functions/http/problem';
import { findInsertion, insertOrder } from '../adapters/order-table.ts';
import { recordChange, recordRepeat } from '../adapters/order-telemetry.ts';
import { findProducts } from '../adapters/product-table.ts';
import { mayActFor, mayMailTo } from '../api/access.ts';
import {
  NewOrder,
  orderKeyReused,
  otherCustomer,
  otherEmail,
  showOrder,
  sortedPairs,
} from '../api/orders.ts';
import { type BasketRefusal, mergeLines, price } from '../domain/basket.ts';
import { asPlaced, type OrderNotes, place } from '../domain/order.ts';
import { newOrderId, requestHash } from '../domain/order-id.ts';

export const handler = http({ body: NewOrder }, async ({ body, idempotencyKey, caller }) => {
  const { customer } = body;
  if (!mayActFor(caller, customer)) throw otherCustomer();
  if (!mayMailTo(caller, customer)) throw otherEmail();
  const notes = notesOf(body);
  const accepted = acceptedOf(body.lines);
  const lines = accepted(mergeLines(body.lines));
  const basket = price(lines, await findProducts(lines.map(({ sku }) => sku)), notes);
  const orderId = newOrderId(customer.id, idempotencyKey);
  const noted = Object.keys(notes).length > 0 ? [notes] : [];
  const request = requestHash([customer.id, customer.email, lines, ...noted]);

  // A repeat is answered like the first request, even where its products cannot be ordered together any more.
  const repeat = 'refused' in basket && idempotencyKey !== undefined;
  const { insertion, order } =
    (repeat ? await findInsertion(orderId, request) : undefined) ??
    (await insertOrder(place({ orderId, customer, ...accepted(basket), ...notes }, new Date()), request));
  if (insertion === 'other-request') throw orderKeyReused();
  if (insertion === 'inserted') recordChange(order);
  else recordRepeat();
  return created(`/orders/${orderId}`, showOrder(asPlaced(order)));
});

/** Pairs in one order, so that the same notes are the same request. */
function notesOf({ reference, metadata }: OrderNotes): OrderNotes {
  return {
    ...(reference !== undefined && { reference }),
    ...(metadata !== undefined && { metadata: sortedPairs(metadata) }),
  };
}

/** Answers a refusal with 422, naming each of the caller's lines that is at fault. */
function acceptedOf(lines: readonly SkuQuantity[]) {
  return <T extends object>(result: T | BasketRefusal): T => {
    if (!('refused' in result)) return result;
    const { refused, detail, faults } = result;
    const errors = lines.flatMap(({ sku }, index) => {
      const message = faults.get(sku);
      return message === undefined ? [] : [{ path: `/body/lines/${index}/sku`, message }];
    });
    throw unprocessable(refused, detail, errors.length > 0 ? errors : undefined);
  };
}
