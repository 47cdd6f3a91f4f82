import type { SkuQuantity } from '@orderly/contracts';
import { created, http } from '@orderly/lambda/http';
import { unprocessable } from '@orderly/lambda/problem';
import { mayActFor, mayUseAddress } from '../access-http.ts';
import { type BasketRefusal, mergeLines, price } from '../basket.ts';
import { asPlaced, place } from '../order.ts';
import { NewOrder, orderKeyReused, otherAddress, otherCustomer, showOrder } from '../order-http.ts';
import { newOrderId, requestHash } from '../order-id.ts';
import { findInsertion, insertOrder } from '../order-table.ts';
import { recordChange, recordRepeat } from '../order-telemetry.ts';
import { findProducts } from '../product-table.ts';

export const handler = http({ body: NewOrder }, async ({ body, idempotencyKey, caller }) => {
  const { customer } = body;
  if (!mayActFor(caller, customer)) throw otherCustomer();
  if (!mayUseAddress(caller, customer)) throw otherAddress();
  const accepted = acceptedOf(body.lines);
  const lines = accepted(mergeLines(body.lines));
  const basket = price(lines, await findProducts(lines.map(({ sku }) => sku)));
  const orderId = newOrderId(customer.id, idempotencyKey);
  const request = requestHash([customer.id, customer.email, lines]);

  // A repeat is answered like the first request, even where its products cannot be ordered together any more.
  const repeat = 'refused' in basket && idempotencyKey !== undefined;
  const { insertion, order } =
    (repeat ? await findInsertion(orderId, request) : undefined) ??
    (await insertOrder(place({ orderId, customer, ...accepted(basket) }, new Date()), request));
  if (insertion === 'other-request') throw orderKeyReused();
  if (insertion === 'inserted') recordChange(order);
  else recordRepeat();
  return created(`/orders/${orderId}`, showOrder(asPlaced(order)));
});

/** Answers a refusal with 422, naming each of the caller's lines that is at fault. */
function acceptedOf(lines: readonly SkuQuantity[]) {
  return <T extends object>(result: T | BasketRefusal): T => {
    if (!('refused' in result)) return result;
    const { refused, detail, skus } = result;
    const errors = lines.flatMap(({ sku }, index) =>
      skus.includes(sku) ? [{ path: `/body/lines/${index}/sku`, message: detail }] : [],
    );
    throw unprocessable(refused, detail, errors.length > 0 ? errors : undefined);
  };
}
