import type { Answer, Call, Client } from './client.ts';
import { type Fields, fieldsOf } from './fields.ts';
import type { OrderPlan } from './order-plan.ts';
import type { Product } from './workload.ts';

export interface StockLevel {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

export type OrderStatus = 'PLACED' | 'CONFIRMED' | 'REJECTED' | 'CANCELLED' | 'SHIPPED';

export interface Order {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
  readonly placedAt: string;
  readonly confirmedAt?: string;
  readonly rejectedAt?: string;
  readonly cancelledAt?: string;
}

export interface Notification {
  readonly kind: string;
  readonly status: string;
}

/** A refusal of the API: RFC 9457 problem details. */
export interface Problem {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly detail: string;
}

export type Result<T> = { readonly ok: T } | { readonly problem: Problem };

/** Base URLs of the services, without a slash at the end. */
export interface ServiceUrls {
  readonly orders: string;
  readonly inventory: string;
  readonly notifications: string;
}

/** The calls that the demo makes. */
export interface Api {
  /** Registers or renews a product; answers its stock. */
  putProduct(product: Product): Promise<StockLevel>;
  adjustStock(sku: string, quantity: number, idempotencyKey: string): Promise<void>;
  /** The stock of every product there is. */
  stock(): Promise<Map<string, StockLevel>>;
  placeOrder(order: OrderPlan, idempotencyKey: string): Promise<Result<Order>>;
  cancelOrder(orderId: string): Promise<Result<Order>>;
  order(orderId: string): Promise<Order>;
  notificationsOf(orderId: string): Promise<Notification[]>;
}

/** Thrown when the API refuses a call of the demo that has no reason to be refused. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';
}

/** The retail data is in pounds sterling. */
const CURRENCY = 'GBP';

/** @param send how a call is made; it tries again by itself */
export const createApi = (send: Client, urls: ServiceUrls): Api => {
  const expect = async (call: Call): Promise<Fields> => {
    const answer = await send(call);
    if (answer.status >= 300) throw unexpected(call, answer);
    return fieldsOf(answer.body, `${call.method} ${call.url}`);
  };
  const attempt = async (call: Call): Promise<Result<Order>> => {
    const answer = await send(call);
    if (answer.status >= 300) return { problem: toProblem(answer) };
    return { ok: toOrder(fieldsOf(answer.body, `${call.method} ${call.url}`)) };
  };
  const pages = async (url: string): Promise<Fields[]> => {
    const items: Fields[] = [];
    let cursor: string | undefined;
    do {
      const next = cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page = await expect({ method: 'GET', url: `${url}${next}` });
      items.push(...page.list('items'));
      cursor = page.optionalText('nextCursor');
    } while (cursor !== undefined);
    return items;
  };
  const productUrl = (sku: string): string => `${urls.inventory}/products/${encodeURIComponent(sku)}`;
  const orderUrl = (orderId: string): string => `${urls.orders}/orders/${encodeURIComponent(orderId)}`;
  return {
    putProduct: async ({ sku, name, price }) =>
      toStock(
        await expect({ method: 'PUT', url: productUrl(sku), body: { name, price, currency: CURRENCY } }),
      ),
    adjustStock: async (sku, quantity, idempotencyKey) => {
      const body = { quantity, reason: 'Stock of the demo run' };
      await expect({ method: 'POST', url: `${productUrl(sku)}/adjustments`, body, idempotencyKey });
    },
    stock: async () => {
      const items = await pages(`${urls.inventory}/products?limit=100`);
      return new Map(items.map((item) => [item.text('sku'), toStock(item)]));
    },
    placeOrder: ({ customer, lines }, idempotencyKey) =>
      attempt({ method: 'POST', url: `${urls.orders}/orders`, body: { customer, lines }, idempotencyKey }),
    cancelOrder: (orderId) => attempt({ method: 'POST', url: `${orderUrl(orderId)}/cancel` }),
    order: async (orderId) => toOrder(await expect({ method: 'GET', url: orderUrl(orderId) })),
    notificationsOf: async (orderId) => {
      const query = `orderId=${encodeURIComponent(orderId)}&limit=100`;
      const items = await pages(`${urls.notifications}/notifications?${query}`);
      return items.map((item) => ({ kind: item.text('kind'), status: item.text('status') }));
    },
  };
};

const toStock = (fields: Fields): StockLevel => ({
  onHand: fields.number('onHand'),
  reserved: fields.number('reserved'),
  available: fields.number('available'),
});

const STATUSES: readonly OrderStatus[] = ['PLACED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'SHIPPED'];

const toOrder = (fields: Fields): Order => {
  const status = STATUSES.find((known) => known === fields.text('status'));
  if (!status) throw new UnexpectedAnswer(`Order with the unknown status ${fields.text('status')}`);
  const instants = (['confirmedAt', 'rejectedAt', 'cancelledAt'] as const).map((name) => [
    name,
    fields.optionalText(name),
  ]);
  return {
    orderId: fields.text('orderId'),
    status,
    lines: fields.list('lines').map((line) => ({ sku: line.text('sku'), quantity: line.number('quantity') })),
    placedAt: fields.text('placedAt'),
    ...Object.fromEntries(instants.filter(([, at]) => at !== undefined)),
  };
};

const toProblem = ({ status, body }: Answer): Problem => {
  const fields = fieldsOf(body ?? {}, `The answer with status ${status}`);
  return {
    status,
    type: fields.optionalText('type') ?? 'about:blank',
    title: fields.optionalText('title') ?? `HTTP ${status}`,
    detail: fields.optionalText('detail') ?? '',
  };
};

const unexpected = (call: Call, answer: Answer): UnexpectedAnswer =>
  new UnexpectedAnswer(
    `${call.method} ${call.url} answered ${answer.status}: ${JSON.stringify(answer.body)?.slice(0, 400) ?? ''}`,
  );
