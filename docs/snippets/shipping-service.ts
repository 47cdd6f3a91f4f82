import { type DataOf, eventTypes, OrderConfirmed, OrderId, OrderShipped, on } from '@orderly/contracts';
import { environment, text } from '@orderly/functions/env';
import { http, ok } from '@orderly/functions/http/handler';
import { conflict, notFound } from '@orderly/functions/http/problem';
import { consume } from '@orderly/functions/messaging/consume';
import { type Outbox, outbox } from '@orderly/functions/messaging/outbox';
import { publishOutbox } from '@orderly/functions/messaging/publish-outbox';
import { absent, atVersion } from '@orderly/functions/table/condition';
import { openTable } from '@orderly/functions/table/table';
import * as v from 'valibot';

/** An order that waits for its shipment, or was shipped. */
interface Shipment {
  readonly pk: string;
  readonly version: number;
  readonly order: DataOf<typeof OrderConfirmed>;
  readonly outbox?: Outbox;
}

const env = environment({ TABLE_NAME: text });
const shipments = openTable<Shipment>(env.TABLE_NAME);

// src/functions/consume-order-events.ts
export const consumeOrderEvents = consume(
  { logKeys: { order_id: 'orderId' } },
  on(OrderConfirmed, async ({ data }) => {
    // A redelivered event is refused by the condition, and nothing happens twice.
    await shipments.put({ pk: data.orderId, version: 1, order: data }, absent);
  }),
);

// src/functions/ship-order.ts
const OrderPath = v.object({ orderId: OrderId });

export const shipOrder = http(
  { path: OrderPath, logKeys: { order_id: 'orderId' } },
  async ({ path: { orderId } }) => {
    const shipment = await shipments.get({ pk: orderId });
    if (shipment === undefined) throw notFound('shipment-not-found', `There is no shipment of ${orderId}`);
    const { confirmedAt: _, ...order } = shipment.order;
    const shipped = OrderShipped.of({ ...order, shippedAt: new Date().toISOString() });
    const { outcome } = await shipments.put(
      { ...shipment, version: 2, outbox: outbox({ subject: orderId, sequence: 2 }, [shipped]) },
      atVersion(1),
    );
    if (outcome === 'refused') throw conflict('already-shipped', `The order ${orderId} was shipped already`);
    return ok({ orderId, status: 'SHIPPED' });
  },
);

// src/functions/publish-events.ts
export const publishEvents = publishOutbox({
  topic: 'order-events',
  eventTypes: eventTypes['order-events'],
});
