import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import { walkDeliveries } from '../../src/cost/deliveries.ts';
import { type Life, shippedOrder, withoutWebhooks } from '../../src/cost/life.ts';
import { type MeteredPlatform, startMeteredPlatform } from '../../src/cost/metered-platform.ts';
import { comparePeers, peerTable } from '../../src/cost/peers/table.ts';
import { countTable } from '../../src/cost/report.ts';
import { walkOrders } from '../../src/cost/walk.ts';
import { webhookCounts } from '../../src/cost/webhooks.ts';
import { aStage } from './life.ts';
import { documentedPeers, peerCells } from './peer-table.ts';

describe('the life of an order of three lines', () => {
  let platform: MeteredPlatform;
  let withWebhooks: Life;
  let life: Life;

  beforeAll(async () => {
    platform = await startMeteredPlatform();
    withWebhooks = await walkOrders(platform, 3);
    life = withoutWebhooks(withWebhooks);
  });

  afterAll(() => platform?.stop());

  it('makes AWS charge for what docs/cost.md says', () =>
    expect(readFileSync(join(repositoryRoot, 'docs/cost.md'), 'utf8')).toContain(countTable(life)));

  it('has every publisher ask for its queues, and for the tags of each', () => {
    const others = { inventory: 1 + 1, notifications: 1 };

    expect(life.lookUpRequests).toEqual({ orders: 1 + 2, ...others });
    expect(withWebhooks.lookUpRequests).toEqual({ orders: 1 + 3, ...others });
  });

  it('counts orders, reservations and notifications once', () => {
    const declared = Object.values(life.steps)
      .flat()
      .flatMap(({ logged }) => logged.filter((line) => line.startsWith('{"_aws":')))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const names = ['OrdersPlaced', 'StockReserved', 'OrdersConfirmed', 'OrdersShipped', 'OrdersCancelled'];

    for (const name of names)
      expect(declared.flatMap(({ [name]: value }) => value ?? []).flat()).toEqual([1]);
  });

  it('writes these units in each service, as the text beside other designs says', () => {
    const units: Record<string, number> = {};
    for (const { service, calls } of shippedOrder.flatMap((step) => life.steps[step]))
      for (const { writeUnits } of calls) units[service] = (units[service] ?? 0) + writeUnits;

    expect(units).toEqual({ orders: 11, inventory: 20, notifications: 6 });
  });

  it('costs beside other designs what docs/cost.md says', async () => {
    const single = {
      ...withoutWebhooks(await walkOrders(platform, 1, 2000)),
      lookUpRequests: life.lookUpRequests,
    };
    const counted = peerCells(peerTable(await comparePeers(life, 3, single), aStage)).slice(0, -1);
    // Its last row is of a stage without orders, which templates decide alone.
    const documented = documentedPeers().slice(0, -1);
    const numbers = (cells: readonly (readonly string[])[]) =>
      cells.map((row) => row.map((cell) => Number(cell.replaceAll(',', ''))));

    expect(documented.map(([, title]) => title)).toEqual(counted.map(([, title]) => title));
    // A log line's length varies with the milliseconds in it.
    for (const [place, row] of numbers(counted).entries())
      for (const [column, usd] of row.entries())
        if (!Number.isNaN(usd)) expect(numbers(documented)[place]?.[column]).toBeCloseTo(usd, 1);
  });

  it('makes AWS charge for webhooks and each delivery what docs/cost.md says', async () => {
    const delivering = await walkDeliveries(platform, withWebhooks, 3);

    expect(readFileSync(join(repositoryRoot, 'docs/cost.md'), 'utf8')).toContain(
      webhookCounts({ idle: withWebhooks, delivering }),
    );
  });
});
