import { type CustomerId, erasedEmail, type OrderId } from '@orderly/contracts';
import { type DynamoDBClient, lastEvents, maintainTable } from '@orderly/functions/aws/maintenance';
import { isFinal } from '../domain/order.ts';
import type { OrderItem } from './order-table.ts';

/** What is to know of a customer's order before it is erased. */
export interface CustomerOrder {
  readonly orderId: OrderId;
  /** Orders that can still change keep the address: their events have to reach the customer. */
  readonly isFinal: boolean;
  /** The customer's address; none once it is erased. */
  readonly addresses: readonly string[];
  /** Whether anything is left to erase: the address, or notes, which may name anybody. */
  readonly isIdentifying: boolean;
  /** As it was read. */
  readonly item: OrderItem;
}

export interface Erasure {
  /** Replaces the customer's id, where that is an address itself. */
  readonly pseudonym?: CustomerId;
  /** Removes what identifies the customer from an event. */
  readonly eraseText: (text: string) => string;
}

/** What this service stores of customers, for `orderly forget`. */
export function customerOrders(client: DynamoDBClient, tableName: string) {
  const table = maintainTable<OrderItem>(client, tableName);
  return {
    /** All orders of a customer. The index that finds them follows the table within a moment. */
    async find(customerId: string): Promise<readonly CustomerOrder[]> {
      const orders: CustomerOrder[] = [];
      for await (const { pk } of table.items(['customerId', customerId], 'by-customer')) {
        const item = await table.get({ pk });
        if (item !== undefined) orders.push(describe(item));
      }
      return orders;
    },

    /** @returns false when the order has changed since it was read: then nothing is written */
    async erase({ item }: CustomerOrder, { pseudonym, eraseText }: Erasure): Promise<boolean> {
      const { reference, metadata, ...kept } = item;
      const id = pseudonym ?? item.customer.id;
      return table.replace(item, {
        ...kept,
        customer: { ...item.customer, id, email: erasedEmail },
        customerId: id,
        // The hash is of a request with the address in it: whoever guesses the address could verify it.
        requestHash: 'forgotten',
        ...lastEvents(item, eraseText),
      });
    },
  };
}

function describe(item: OrderItem): CustomerOrder {
  const { orderId, customer, reference, metadata } = item;
  const addresses = customer.email === erasedEmail ? [] : [customer.email];
  const isIdentifying = addresses.length > 0 || reference !== undefined || metadata !== undefined;
  return { orderId, isFinal: isFinal(item), addresses, isIdentifying, item };
}
