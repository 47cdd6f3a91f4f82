import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import { openTable } from '@orderly/functions/table/table';
import { type AwsProxy, startAwsProxy } from '@orderly/local/aws-proxy';
import { TransactionConflicts, type WriteRequest } from '@orderly/support/transaction-conflicts';
import { type Consumer, deliver, seal } from '../../../tests/platform/invoke.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import { findProduct } from '../src/adapters/product-table.ts';
import type { Reservation } from '../src/domain/reservation.ts';
import { line, orderData, orderId } from './builders.ts';
import { stocked } from './stocked.ts';

withResourcesOf('inventory');

const pieces = 60;
const containers = 4;
const behind = process.env.AWS_ENDPOINT_URL_DYNAMODB ?? '';
const reservations = openTable<Reservation & { pk: string }>('test-inventory');

let proxy: AwsProxy;
let refused = 0;

// DynamoDB Local lets transactions that meet on an item wait; DynamoDB refuses them.
beforeAll(async () => {
  const conflicts = new TransactionConflicts({ onConflict: () => refused++, writeMs: 2 });
  proxy = await startAwsProxy(behind, ({ operation, body }, forward) =>
    conflicts.carryOut(operation, JSON.parse(body) as WriteRequest, forward),
  );
});
afterAll(() => proxy.close());

/** Every container of a function has its own modules, and its own clients. */
async function loadContainer(): Promise<Consumer> {
  let handler: Consumer | undefined;
  process.env.AWS_ENDPOINT_URL_DYNAMODB = proxy.url;
  await jest.isolateModulesAsync(async () => {
    ({ handler } = await import('../src/functions/consume-order-events.ts'));
  });
  if (handler === undefined) throw new Error('The function was not loaded');
  return handler;
}

it('of 240 orders for 60 pieces, exactly 60 get one, and the others are rejected', async () => {
  const sku = await stocked(pieces);
  const orders = Array.from({ length: 240 }, () => orderId());
  const waiting: CloudEvent[] = orders.map((id) =>
    seal(OrderPlaced.of(orderData(id, [line(sku, 1)])), { subject: id }),
  );
  const handlers: Consumer[] = [];
  for (let each = 0; each < containers; each++) handlers.push(await loadContainer());

  await Promise.all(
    handlers.map(async (handler) => {
      while (waiting.length > 0) {
        const batch = waiting.splice(0, 10);
        const failed = await deliver(handler, ...batch);
        waiting.push(...batch.filter((_, index) => failed.includes(index)));
      }
    }),
  );
  process.env.AWS_ENDPOINT_URL_DYNAMODB = behind;

  const all = await reservations.getMany(orders.map((id) => ({ pk: `RESERVATION#${id}` })));
  const count = (wanted: Reservation['status']) => all.filter(({ status }) => status === wanted).length;
  expect([count('RESERVED'), count('REJECTED')]).toEqual([pieces, 240 - pieces]);
  expect(await findProduct(sku)).toMatchObject({ onHand: pieces, reserved: pieces, available: 0 });
  expect(refused).toBeGreaterThan(0);
});
