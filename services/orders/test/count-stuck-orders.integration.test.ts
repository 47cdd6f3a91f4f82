import { randomUUID } from 'node:crypto';
import { inRequestContext } from '@orderly/functions/observability/request-context';
import { context } from '../../../tests/platform/invoke.ts';
import { withResourcesOf } from '../../../tests/platform/resources.ts';
import type * as OrderTable from '../src/adapters/order-table.ts';
import { confirm, type Order, reject } from '../src/domain/order.ts';
import type * as CountStuckOrders from '../src/functions/count-stuck-orders.ts';
import { orderId, placing, short } from './builders.ts';

// A table of its own: no other orders are counted.
const stage = `stuck${process.pid}`;
withResourcesOf('orders', stage);

let table: typeof OrderTable;
let handler: typeof CountStuckOrders.handler;
const written: Record<string, unknown>[] = [];

beforeAll(async () => {
  Object.assign(process.env, {
    STAGE: stage,
    TABLE_NAME: `${stage}-orders`,
    POWERTOOLS_METRICS_DISABLED: 'false',
    POWERTOOLS_LOG_LEVEL: 'WARN',
  });
  jest.spyOn(process.stdout, 'write').mockImplementation((line) => {
    written.push(JSON.parse(String(line)));
    return true;
  });
  table = await import('../src/adapters/order-table.ts');
  ({ handler } = await import('../src/functions/count-stuck-orders.ts'));
});

const count = () => handler({}, context());

const flow = { correlationId: 'a-flow', causationId: 'a-cause' };
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

async function placed(at: Date, id = orderId()): Promise<Order> {
  const change = placing({ orderId: id }, at);
  await inRequestContext(flow, () => table.insertOrder(change, 'hash'));
  return change.order;
}

it('counts the orders that stay PLACED, of all partitions and pages, until they are decided', async () => {
  const [oldest, young] = [await placed(minutesAgo(90)), await placed(minutesAgo(1))];
  // More of one partition than a page holds.
  const ids = Array.from({ length: 150 }, () => orderId(`a${randomUUID().slice(1)}`));
  const crowd = await Promise.all(ids.map((id) => placed(minutesAgo(30), id)));

  const before = await count();
  await inRequestContext(flow, () =>
    table.changeOrder(oldest.orderId, (order) => confirm(order, new Date())),
  );
  await inRequestContext(flow, () =>
    Promise.all(
      crowd.map(({ orderId }) =>
        table.changeOrder(orderId, (order) => reject(order, [short('MUG', 3, 0)], new Date())),
      ),
    ),
  );
  const after = await count();

  expect(before).toMatchObject({ count: 151, oldestAge: expect.closeTo(90 * 60, -2) });
  expect(before.oldest).toHaveLength(10);
  expect(before.oldest[0]).toBe(oldest.orderId);
  expect(after).toEqual({ count: 0, oldest: [], oldestAge: expect.closeTo(60, -2) });
  expect(await table.findOrder(young.orderId)).toEqual(young);
});

it('writes metrics by service and stage, also zero, and logs what is stuck', async () => {
  written.length = 0;

  await count();
  const stuck = await placed(minutesAgo(6));
  await count();

  const metrics = written.filter((line) => '_aws' in line);
  const valuesOf = (name: string) => metrics.filter((line) => name in line).map((line) => line[name]);
  expect(valuesOf('OrdersStuck')).toEqual([0, 1]);
  expect(valuesOf('OldestPlacedAge')).toEqual([expect.closeTo(60, -2), expect.closeTo(360, -2)]);
  expect(metrics[0]).toMatchObject({ service: 'orders', stage });
  const warnings = written.filter(({ level }) => level === 'WARN');
  expect(warnings).toMatchObject([{ message: 'Orders stay PLACED', count: 1, oldest: [stuck.orderId] }]);
});
