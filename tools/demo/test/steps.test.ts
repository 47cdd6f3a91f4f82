import type { Check } from '@orderly/support/verdict';
import { generateInvoices } from '../src/generate.ts';
import { registerProducts } from '../src/registering.ts';
import { drive, type RunResult } from '../src/run.ts';
import { planWorkload, type Workload } from '../src/workload.ts';
import { FakePlatform, type Faults } from './fake-platform.ts';
import { invoice, row } from './invoice-factory.ts';

const run = async (
  workload: Workload,
  faults: Faults = {},
  stock?: number,
  stallMs = 60_000,
): Promise<RunResult & { readonly platform: FakePlatform }> => {
  const platform = new FakePlatform(faults);
  return { ...(await drive(platform.session({ workload, stock, stallMs }))), platform };
};

const failed = (checks: readonly Check[]): string[] =>
  checks.filter(({ findings }) => findings.length > 0).map(({ name }) => name);

/** The status of each order, by its invoice. */
const statuses = ({ evidence }: RunResult): Record<string, string> =>
  Object.fromEntries(evidence.orders.map(({ orderId, status }) => [orderId.replace('order-', ''), status]));

describe('a run over a platform that keeps its promises', () => {
  it('confirms nine of ten orders of generated invoices and passes every check', async () => {
    const workload = planWorkload(generateInvoices(1, 120));
    const { placing, evidence, checks } = await run(workload);
    expect(failed(checks)).toEqual([]);
    expect(placing.refused).toEqual({});
    expect(evidence.orders).toHaveLength(workload.orders.length);
    const rejected = evidence.orders.filter(({ status }) => status === 'REJECTED').length;
    expect(rejected / evidence.orders.length).toBeGreaterThan(0.05);
    expect(rejected / evidence.orders.length).toBeLessThan(0.15);
  });

  it('gives each product the stock that was asked for', async () => {
    const workload = planWorkload([
      invoice('1', [row({ quantity: 6 })]),
      invoice('2', [row({ quantity: 5, stockCode: '71053' })]),
    ]);
    const result = await run(workload, {}, 5);
    expect(statuses(result)).toEqual({ 1: 'REJECTED', 2: 'CONFIRMED' });
    expect(failed(result.checks)).toEqual([]);
  });

  it('brings what an earlier run left to the wanted stock, up or down, in steps the API takes', async () => {
    const platform = new FakePlatform();
    platform.add('85123A', 40, 25);
    platform.add('71053', 0, 0);
    const catalogue = ['85123A', '71053'].map((sku) => ({ sku, name: sku, price: 1 }));
    const wanted = (sku: string): number => (sku === '71053' ? 250_000 : 4);
    const session = platform.session({ workload: planWorkload([]) });

    await registerProducts(session, catalogue, wanted);

    expect(platform.products.get('85123A')).toMatchObject({ onHand: 29, reserved: 25, available: 4 });
    expect(platform.products.get('71053')).toMatchObject({ onHand: 250_000, available: 250_000 });
    expect(new Set(platform.keys).size).toBe(4);
    expect(platform.keys).toHaveLength(4);
  });

  it('passes every check over products that an earlier run left', async () => {
    const platform = new FakePlatform();
    platform.add('85123A', 40, 25);
    const workload = planWorkload([invoice('1', [row()])]);

    const { checks } = await drive(platform.session({ workload, stock: 10 }));

    expect(failed(checks)).toEqual([]);
  });

  it('cancels orders before and after they are decided', async () => {
    const back = row({ quantity: -1 });
    const workload = planWorkload([invoice('1', [row()]), invoice('2', [row()]), invoice('C3', [back])]);
    const result = await run(workload, {}, 100);
    expect(statuses(result)).toEqual({ 1: 'CONFIRMED', 2: 'CANCELLED' });
    expect(result.placing.cancellations).toEqual({ accepted: 1, refused: {} });
    expect(failed(result.checks)).toEqual([]);
  });

  it('tries orders again that come before the orders service knows their products', async () => {
    const result = await run(planWorkload([invoice('1', [row()])]), { earlyRefusals: 1 });
    expect(statuses(result)).toEqual({ 1: 'CONFIRMED' });
    expect(result.platform.keys.filter((key) => key === 'demo-test-1')).toHaveLength(2);
    expect(failed(result.checks)).toEqual([]);
  });

  it('counts refusals of orders and of their cancellations by reason', async () => {
    const lines = Array.from({ length: 1001 }, (_, index) => row({ stockCode: `${10_000 + index}` }));
    const cancelled = invoice('C2', [row({ stockCode: '10000', quantity: -1 })]);
    const { placing, checks } = await run(planWorkload([invoice('1', lines), cancelled]));
    expect(placing.refused).toEqual({ '422 too-many-skus': 1 });
    expect(placing.cancellations).toEqual({ accepted: 0, refused: { 'its order was refused': 1 } });
    expect(failed(checks)).toEqual([]);
  });
});

describe('a run over a platform that breaks a promise', () => {
  const workload = planWorkload([invoice('1', [row()]), invoice('2', [row({ stockCode: '71053' })])]);

  it.each<[string, Faults, string[]]>([
    ['an order that stays PLACED', { stuckSku: '71053' }, ['every order is final']],
    ['more sold than there is', { oversell: true }, ['the stock equation holds']],
    ['a notification that is missing', { silent: 'order-rejected' }, ['one notification per final event']],
    ['a notification sent twice', { doubled: 'order-rejected' }, ['one notification per final event']],
    [
      'a product that orders never learns of',
      { earlyRefusals: 1000 },
      ['every registered product can be ordered'],
    ],
  ])('finds %s', async (_what, faults, expected) => {
    // What never comes is waited for no longer than this.
    const { checks } = await run(workload, faults, 1, 400);

    expect(failed(checks)).toEqual(expected);
  });

  it('stops when it is interrupted', async () => {
    const stop = new AbortController();
    const platform = new FakePlatform({ stuckSku: '85123A' });
    const waiting = drive(platform.session({ workload, stock: 1, signal: stop.signal }));
    setTimeout(() => stop.abort(new Error('Interrupted')), 50);
    await expect(waiting).rejects.toThrow(/Interrupted|aborted/);
  });
});
