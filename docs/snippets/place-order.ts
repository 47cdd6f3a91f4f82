import { orderlyClient, ProblemError, paginate } from '@orderly/client';

// The local platform; on AWS, the addresses of the stage's APIs and an access token of its issuer.
const client = orderlyClient({
  urls: { orders: 'http://127.0.0.1:3001', inventory: 'http://127.0.0.1:3002' },
  token: undefined,
});

/** Places an order. The key makes it safe to repeat: the same key is the same order. */
export async function placeOrder(checkoutId: string) {
  try {
    return await client.orders.placeOrder({
      body: {
        customer: { id: 'alice', email: 'alice@example.com' },
        lines: [{ sku: 'MUG', quantity: 2 }],
      },
      idempotencyKey: checkoutId,
    });
  } catch (error) {
    if (error instanceof ProblemError && error.type === 'urn:orderly:problem:off-sale') return undefined;
    throw error;
  }
}

/** The SKUs that are sold out, from all pages of the list. */
export async function soldOut() {
  const skus: string[] = [];
  for await (const product of paginate(client.inventory.listProducts, { limit: 100 })) {
    if (product.available === 0) skus.push(product.sku);
  }
  return skus;
}
