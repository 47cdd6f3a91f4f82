import { DynamoDBDocumentClient, QueryCommand } from '@aws-sdk/lib-dynamodb';
import type { Session } from '@orderly/cli/session';
import { type Item, type Position, type ReadPage, readItem } from '@orderly/cli/tables/stage-table';
import { CustomerId, OrderId, parse } from '@orderly/contracts';
import * as v from 'valibot';
import type { DeadLetter, OrderPage, OrderRow } from '../api.ts';

const orderItem = v.object({
  pk: v.string(),
  orderId: v.string(),
  status: v.picklist(['PLACED', 'CONFIRMED', 'REJECTED', 'CANCELLED', 'SHIPPED']),
  customer: v.object({ id: v.string() }),
  reference: v.optional(v.string()),
  lines: v.array(v.object({ sku: v.string(), quantity: v.number() })),
  total: v.number(),
  currency: v.string(),
  placedAt: v.string(),
  confirmedAt: v.optional(v.string()),
  rejectedAt: v.optional(v.string()),
  cancelledAt: v.optional(v.string()),
  shippedAt: v.optional(v.string()),
});

export interface OrderSearch {
  readonly query: string;
  readonly status: string | undefined;
  readonly limit: number;
}

/** @returns undefined for an item that is no order */
export const toOrderRow = (item: Item, deadLetters: readonly DeadLetter[]): OrderRow | undefined => {
  const read = parse(orderItem, item);
  if (read.outcome === 'invalid' || !read.value.pk.startsWith('ORDER#')) return undefined;
  const { customer, reference, lines, placedAt, ...order } = read.value;
  const latest = order.shippedAt ?? order.cancelledAt ?? order.rejectedAt ?? order.confirmedAt ?? placedAt;
  return {
    orderId: order.orderId,
    status: order.status,
    customerId: customer.id,
    ...(reference !== undefined && { reference }),
    lines,
    total: order.total,
    currency: order.currency,
    placedAt: Date.parse(placedAt),
    updatedAt: Date.parse(latest),
    deadLetters: deadLetters.filter((letter) => isAbout(letter, order.orderId)).length,
  };
};

/** Whether a dead letter is about the order, or about one of its notifications. */
export const isAbout = ({ subject }: Pick<DeadLetter, 'subject'>, orderId: string): boolean =>
  subject === orderId || subject?.startsWith(`${orderId}.`) === true;

const matches = ({ orderId, customerId, reference = '', lines }: OrderRow, query: string): boolean => {
  const texts = [orderId, customerId, reference, ...lines.map(({ sku }) => sku)];
  return texts.some((text) => text.toLowerCase().includes(query.toLowerCase()));
};

const select = (rows: readonly (OrderRow | undefined)[], search: OrderSearch): OrderPage => {
  const found = rows
    .filter((row) => row !== undefined)
    .filter(({ status }) => search.status === undefined || status === search.status)
    .sort((a, b) => b.placedAt - a.placedAt);
  return { orders: found.slice(0, search.limit), more: found.length > search.limit };
};

/** Looks through every order: this machine's tables are not large. */
export const searchAllOrders = async (
  { read, stage }: { readonly read: ReadPage; readonly stage: string },
  search: OrderSearch,
  deadLetters: readonly DeadLetter[],
): Promise<OrderPage> => {
  const rows: (OrderRow | undefined)[] = [];
  let after: Position | undefined;
  do {
    const page = await read({ table: `${stage}-orders`, after, limit: 1_000 });
    rows.push(...page.items.map((item) => toOrderRow(item, deadLetters)));
    after = page.next;
  } while (after !== undefined);
  return select(
    rows.filter((row) => row !== undefined && matches(row, search.query)),
    search,
  );
};

const INDEXED_NOTE = 'On AWS orders are found by their whole id, or by the whole id of a customer.';

/** Asks the table by key and by its index: a search through all of a table would cost money. */
export const searchIndexedOrders = async (
  { clients, stage }: Session,
  search: OrderSearch,
): Promise<OrderPage> => {
  const table = `${stage}-orders`;
  if (parse(OrderId, search.query).outcome === 'valid') {
    const item = await readItem(clients.dynamodb, table, { pk: `ORDER#${search.query}` });
    return { ...select([item && toOrderRow(item, [])], search), note: INDEXED_NOTE };
  }
  if (parse(CustomerId, search.query).outcome === 'invalid') {
    return { orders: [], more: false, note: INDEXED_NOTE };
  }
  const { Items: found = [] } = await DynamoDBDocumentClient.from(clients.dynamodb).send(
    new QueryCommand({
      TableName: table,
      IndexName: 'by-customer',
      KeyConditionExpression: 'customerId = :customer',
      ExpressionAttributeValues: { ':customer': search.query },
      ScanIndexForward: false,
      Limit: search.limit,
    }),
  );
  const items = await Promise.all(
    found.map(({ orderId }) => readItem(clients.dynamodb, table, { pk: `ORDER#${orderId}` })),
  );
  return {
    ...select(
      items.map((item) => item && toOrderRow(item, [])),
      search,
    ),
    note: INDEXED_NOTE,
  };
};
