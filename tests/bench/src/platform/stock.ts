import type { Client } from '@orderly/demo/client';
import { inParallel } from '@orderly/demo/parallel';
import { skus } from './workload.ts';

/** More than all orders of a run want: what is refused for want of stock is another measurement. */
const PIECES = 100_000;
const CALLS_AT_ONCE = 8;

/**
 * Registers every product of the workload and puts it in stock.
 *
 * @param inventory the base URL of the service
 * @throws Error when a call is refused
 */
export async function stockProducts(send: Client, inventory: string): Promise<void> {
  await inParallel(skus, CALLS_AT_ONCE, async (sku) => {
    const url = `${inventory}/products/${sku}`;
    const product = { name: 'Mug, white, 300 ml', price: 1250, currency: 'EUR' };
    const delivery = { quantity: PIECES, reason: 'first delivery' };
    const answers = [
      await send({ method: 'PUT', url, body: product }),
      await send({
        method: 'POST',
        url: `${url}/adjustments`,
        body: delivery,
        idempotencyKey: `first-${sku}`,
      }),
    ];
    for (const { status, body } of answers)
      if (status >= 300) throw new Error(`${url} answered ${status}: ${JSON.stringify(body)}`);
  });
}
