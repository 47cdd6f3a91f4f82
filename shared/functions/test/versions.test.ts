import { randomUUID } from 'node:crypto';
import { type DataOf, defineEvent, inBothVersions, OrderPlaced, on } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import * as v from 'valibot';
import { consume } from '../src/messaging/consume.ts';
import { outbox } from '../src/messaging/outbox.ts';
import { inRequestContext } from '../src/observability/request-context.ts';
import { context } from './invocations.ts';
import { sqsRecord } from './records.ts';

/** A new major version: the total of an order gets its currency beside it. */
const OrderPlacedV2 = defineEvent({
  topic: 'order-events',
  type: 'orderly.order.placed.v2',
  data: v.object({
    orderId: v.string(),
    total: v.object({ amount: v.number(), currency: v.string() }),
  }),
  previous: {
    definition: OrderPlaced,
    upcast: ({ orderId, total, currency }) => ({ orderId, total: { amount: total, currency } }),
  },
});
const inV2 = ({ orderId, total, currency }: DataOf<typeof OrderPlaced>) =>
  OrderPlacedV2.of({ orderId, total: { amount: total, currency } });

/** The messages of an order that is placed. */
const place = (data: DataOf<typeof OrderPlaced>, versions: 'v1' | 'both') =>
  inRequestContext({ correlationId: 'request', causationId: 'cause' }, () => {
    const v1 = OrderPlaced.of(data);
    const events = versions === 'v1' ? [v1] : inBothVersions(v1, inV2(data));
    const { subject, events: entries } = outbox({ subject: data.orderId, sequence: 1 }, events);
    return entries.map(({ body }) => sqsRecord(body, subject));
  });

it('during a migration, old and new readers work side by side, and each handles every change once', async () => {
  const order = () => sampleEvent(OrderPlaced, { data: { orderId: randomUUID() } }).data;
  const [before, during] = [order(), order()];
  const handled: unknown[] = [];
  const oldReader = consume(
    on(OrderPlaced, async ({ data }) => void handled.push([data.orderId, data.total])),
  );
  const newReader = consume(on(OrderPlacedV2, async ({ data }) => void handled.push(data)));
  const Records = [...place(before, 'v1'), ...place(during, 'both')];

  const answers = [await oldReader({ Records }, context), await newReader({ Records }, context)];

  expect(Records).toHaveLength(3);
  expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  expect(handled).toEqual([
    ...[before, during].map(({ orderId, total }) => [orderId, total]),
    ...[before, during].map(({ orderId, total, currency }) => ({
      orderId,
      total: { amount: total, currency },
    })),
  ]);
});
