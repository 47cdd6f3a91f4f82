import type { Shortage, Sku, SkuQuantity } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { backOff, TransactionConflictError } from '@orderly/functions/retry';
import { absent, atVersion, within } from '@orderly/functions/table/condition';
import { type Page, queryPage } from '@orderly/functions/table/page';
import { openTable } from '@orderly/functions/table/table';
import { transact, type Write } from '@orderly/functions/table/transaction';
import { type Product, type ProductDetails, type Upsert, upsert } from '../domain/product.ts';
import { bounds, type Movement } from '../domain/stock.ts';

interface ProductItem extends Omit<Product, 'onSale'> {
  /** Absent in products from before they could be taken off sale. */
  readonly onSale?: boolean;
  readonly pk: string;
  /** The partition of the index that lists all products; it holds keys only, so that no stock change writes to it. */
  readonly listed: 'PRODUCT';
  /** When name or price changed last. The outbox has it, too, until the stock moves. */
  readonly upsertedAt: string;
  readonly outbox?: Outbox;
}

const env = environment({ TABLE_NAME: text });
const table = openTable<ProductItem>(env.TABLE_NAME);
const key = (sku: Sku) => ({ pk: `PRODUCT#${sku}` });

/** How often an upsert is tried again because the stock of the product was changing. */
const attempts = 10;

export async function findProduct(sku: Sku): Promise<Product | undefined> {
  const item = await table.get(key(sku));
  return item && toProduct(item);
}

/**
 * Creates a product, changes its name and price, or takes it off sale and puts it back.
 *
 * @throws TransactionConflictError when its stock kept changing meanwhile
 */
export async function saveProduct(sku: Sku, details: ProductDetails): Promise<Upsert> {
  let item = await table.get(key(sku));
  for (let attempt = 0; attempt < attempts; attempt++) {
    const change = upsert(item && toProduct(item), sku, details);
    if (change.outcome === 'unchanged') return change;
    const { product, events } = change;
    const put = table.putting(
      {
        ...product,
        ...key(sku),
        listed: 'PRODUCT',
        upsertedAt: new Date().toISOString(),
        outbox: outbox({ subject: sku, sequence: product.version }, events),
      },
      item === undefined ? absent : atVersion(item.version),
    );
    // DynamoDB refuses a plain put while a reservation's transaction is at work on the item; `transact` waits for it:
    // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html#transaction-conflict-handling
    const result = await transact([put]);
    if (result.outcome === 'committed') return change;
    await backOff(attempt);
    item = await table.get(key(sku));
  }
  throw new TransactionConflictError(`Product ${sku} kept changing`);
}

/** All products by SKU. */
export async function listProducts(
  limit: number,
  after: Readonly<Record<string, string>> | undefined,
): Promise<Page<Product>> {
  const { items: keys, ...page } = await queryPage<ProductItem>(env.TABLE_NAME, {
    index: 'listing',
    partition: ['listed', 'PRODUCT'],
    limit,
    after,
  });
  const items = new Map(
    (await table.getMany(keys.map(({ sku }) => key(sku)))).map((item) => [item.sku, item]),
  );
  const products = keys.flatMap(({ sku }) => items.get(sku) ?? []);
  return { ...page, items: products.map(toProduct) };
}

/** The lines that the stock does not allow, as it is now. */
export async function findShortages(lines: readonly SkuQuantity[]): Promise<readonly Shortage[]> {
  const products = await table.getMany(lines.map(({ sku }) => key(sku)));
  const levels = new Map(products.map(({ sku, available }) => [sku, available]));
  return lines
    .map(({ sku, quantity }) => ({ sku, requested: quantity, available: levels.get(sku) ?? 0 }))
    .filter(({ requested, available }) => available < requested);
}

/** The available pieces of a product as it is stored; none of an unknown one. */
export function availableIn(item: Readonly<Record<string, unknown>> | undefined): number {
  return typeof item?.available === 'number' ? item.available : 0;
}

/** Moves the stock of one product as part of a transaction; refused where a level would leave its bounds. */
export function movingStock(sku: Sku, movement: Movement): Write {
  const moved = Object.entries(movement).filter(([, by]) => by !== 0);
  // Stock levels are not published, so the outbox of an earlier change must go.
  const update = { add: { version: 1, ...Object.fromEntries(moved) }, remove: ['outbox'] };
  const limits = moved.map(([level, by]) => [level, bounds(by)]);
  return table.updating(key(sku), update, within(Object.fromEntries(limits)));
}

function toProduct(item: ProductItem): Product {
  const { sku, name, price, currency, onSale = true, onHand, reserved, available, version } = item;
  return { sku, name, price, currency, onSale, onHand, reserved, available, version };
}
