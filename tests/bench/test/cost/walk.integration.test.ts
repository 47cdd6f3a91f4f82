import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import type { Life } from '../../src/cost/life.ts';
import { type MeteredPlatform, startMeteredPlatform } from '../../src/cost/metered-platform.ts';
import { countTable } from '../../src/cost/report.ts';
import { walkOrders } from '../../src/cost/walk.ts';

describe('the life of an order of three lines', () => {
  let platform: MeteredPlatform;
  let life: Life;

  beforeAll(async () => {
    platform = await startMeteredPlatform();
    life = await walkOrders(platform, 3);
  });

  afterAll(() => platform?.stop());

  it('makes AWS charge for what docs/cost.md says', () =>
    expect(readFileSync(join(repositoryRoot, 'docs/cost.md'), 'utf8')).toContain(countTable(life)));

  it('has every publisher ask for its queues, and for the tags of each', () =>
    expect(life.lookUpRequests).toEqual({ orders: 1 + 2, inventory: 1 + 1, notifications: 1 }));

  it('counts orders, reservations and notifications once', () => {
    const declared = Object.values(life.steps)
      .flat()
      .flatMap(({ logged }) => logged.filter((line) => line.startsWith('{"_aws":')))
      .map((line) => JSON.parse(line) as Readonly<Record<string, unknown>>);
    const names = ['OrdersPlaced', 'StockReserved', 'OrdersConfirmed', 'OrdersShipped', 'OrdersCancelled'];

    for (const name of names)
      expect(declared.flatMap(({ [name]: value }) => value ?? []).flat()).toEqual([1]);
  });
});
