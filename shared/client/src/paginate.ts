import type { Cursor } from './apis.ts';

interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor?: Cursor;
}

/**
 * Every item of a list, page after page: `paginate(client.orders.listOrders, { customerId: 'alice' })`.
 *
 * @param list an operation that answers pages
 * @param request where to begin, and how many items a page has at most
 */
export async function* paginate<Request extends { readonly cursor?: Cursor | undefined }, Item>(
  list: (request: Request) => Promise<Page<Item>>,
  request: Request,
): AsyncGenerator<Item, void, undefined> {
  let page = await list(request);
  yield* page.items;
  while (page.nextCursor !== undefined) {
    page = await list({ ...request, cursor: page.nextCursor });
    yield* page.items;
  }
}
