import { Customer, SkuQuantity } from '@orderly/contracts';
import { created, http } from '@orderly/lambda/http';
import { count } from '@orderly/lambda/log';
import { unprocessable } from '@orderly/lambda/problem';
import * as v from 'valibot';
import { type BasketRefusal, mergeLines, price } from '../basket.ts';
import { asPlaced, place } from '../order.ts';
import { showOrder } from '../order-http.ts';
import { newOrderId, requestHash } from '../order-id.ts';
import { insertOrder } from '../order-table.ts';
import { findProducts } from '../product-table.ts';

const NewOrder = v.object({
  customer: Customer,
  lines: v.pipe(
    v.array(SkuQuantity, 'Lines must be a list'),
    v.minLength(1, 'An order has at least one line'),
    v.maxLength(1000, 'An order has at most 1000 lines'),
  ),
});

export const handler = http({ body: NewOrder }, async ({ body, idempotencyKey }) => {
  const accepted = acceptedOf(body.lines);
  const lines = accepted(mergeLines(body.lines));
  const basket = accepted(price(lines, await findProducts(lines.map(({ sku }) => sku))));
  const orderId = newOrderId(body.customer.id, idempotencyKey);

  const request = requestHash([body.customer.id, body.customer.email, lines]);
  const change = place({ orderId, customer: body.customer, ...basket }, new Date());
  const { insertion, order } = await insertOrder(change, request);
  if (insertion === 'other-request') {
    throw unprocessable('idempotency-key-reused', 'This Idempotency-Key was used for another order');
  }
  if (insertion === 'inserted') count('OrdersPlaced');
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
    throw unprocessable(refused, detail, errors);
  };
}
