import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, paginateQuery } from '@aws-sdk/lib-dynamodb';
import { describeIssues, erasedEmail, parse, parseJson } from '@orderly/contracts';
import * as v from 'valibot';
import { Failure } from '../failure.ts';
import { outboxSchema, withLastEvents, writeErasure } from '../tables/erasure.ts';
import { type Eraser, isNoted, notes } from './eraser.ts';

const orderSchema = v.object({
  pk: v.string(),
  orderId: v.string(),
  status: v.string(),
  version: v.number(),
  customer: v.looseObject({ id: v.string(), email: v.string() }),
  reference: v.exactOptional(v.unknown()),
  metadata: v.exactOptional(v.unknown()),
  outbox: v.exactOptional(outboxSchema),
});

/** An order of a customer, as the orders service stores it. */
export type CustomerOrder = v.InferOutput<typeof orderSchema>;

/** Nothing moves an order that has come here, and nobody has to be told of it any more. */
const final = new Set(['REJECTED', 'CANCELLED', 'SHIPPED']);
export const isFinal = ({ status }: CustomerOrder): boolean => final.has(status);

/**
 * All orders of a customer, each read consistently. The index that finds them follows the table within a moment.
 *
 * @throws Failure for an item that is not as its service writes it
 */
export async function ordersOf(
  client: DynamoDBClient,
  table: string,
  customerId: string,
): Promise<readonly CustomerOrder[]> {
  const documents = DynamoDBDocumentClient.from(client);
  const pages = paginateQuery(
    { client: documents },
    {
      TableName: table,
      IndexName: 'by-customer',
      KeyConditionExpression: 'customerId = :id',
      ExpressionAttributeValues: { ':id': customerId },
    },
  );
  const orders: CustomerOrder[] = [];
  for await (const { Items = [] } of pages) {
    for (const { pk } of Items) {
      const { Item } = await documents.send(
        new GetCommand({ TableName: table, Key: { pk }, ConsistentRead: true }),
      );
      if (Item !== undefined) orders.push(checked(withLastEvents(Item)));
    }
  }
  return orders;
}

function checked(item: object): CustomerOrder {
  const order = parse(orderSchema, item);
  if (order.ok) return order.value;
  throw new Failure(`An order is not as its service writes it: ${describeIssues(order.issues)}`);
}

const eventSchema = v.object({ data: v.looseObject({ customer: v.object({ email: v.string() }) }) });

/** The orders in an order's last events. */
const published = ({ outbox }: CustomerOrder) =>
  (outbox?.events ?? []).flatMap(({ body }) => {
    const json = parseJson(body);
    const event = json.ok ? parse(eventSchema, json.value) : json;
    return event.ok ? [event.value.data] : [];
  });

/** Where the customer could be reached, by an order and its last event. */
export function addressesIn(order: CustomerOrder): readonly string[] {
  return [order, ...published(order)]
    .map(({ customer }) => customer.email)
    .filter((email) => email !== erasedEmail);
}

/** Whether there is still something to erase in it. */
export const identifies = (order: CustomerOrder): boolean =>
  addressesIn(order).length > 0 || [order, ...published(order)].some(isNoted);

/** @returns false when the order has changed since it was read: then nothing is written */
export function eraseOrder(
  client: DynamoDBClient,
  table: string,
  order: CustomerOrder,
  erase: Eraser,
): Promise<boolean> {
  const { pk, status, version, outbox } = order;
  const customer = erase.customer(order.customer);
  return writeErasure(client, {
    table,
    key: { pk },
    from: { status, version },
    // The hash is of a request with the address in it: who guesses the address could tell by it.
    set: { customer, customerId: customer.id, requestHash: 'forgotten' },
    remove: notes,
    published: outbox && {
      ...outbox,
      events: outbox.events.map((event) => ({ ...event, body: erase.text(event.body) })),
    },
  });
}
