import { type Check, checkEvidence } from '../src/check.ts';
import { generateInvoices } from '../src/generate.ts';
import { type Placing, placeOrders } from '../src/placing.ts';
import { registerProducts } from '../src/registering.ts';
import { awaitEvents, awaitFinal, awaitNotifications, awaitStock } from '../src/settling.ts';
import { planStock } from '../src/stock-plan.ts';
import { planWorkload, type Workload } from '../src/workload.ts';
import { FakePlatform, type Faults } from './fake-platform.ts';
import { invoice, row } from './invoice-factory.ts';

const run = async (
  workload: Workload,
  faults: Faults = {},
  stock?: number,
  stallMs = 60_000,
): Promise<{ placing: Placing; checks: Check[]; platform: FakePlatform }> => {
  const platform = new FakePlatform(faults);
  const session = platform.session({ stallMs });
  const plan = planStock(workload.orders, workload.cancelled);
  const stockBefore = await registerProducts(
    session,
    workload.catalogue,
    (sku) => stock ?? plan.get(sku) ?? 0,
  );
  const placing = await placeOrders(session, workload.steps);
  await awaitFinal(session, placing.placed);
  await awaitEvents(session, placing.placed);
  const notifications = await awaitNotifications(session, placing.placed);
  const stockAfter = await awaitStock(session, stockBefore, placing.placed);
  const checks = checkEvidence({
    placed: placing.placed,
    lost: placing.lost,
    stockBefore,
    stockAfter,
    notifications,
    deadLettersBefore: new Map(),
    deadLettersAfter: new Map(),
    hasEvent: session.subscription.has,
    garbage: session.subscription.garbage,
  });
  return { placing, checks, platform };
};

const failed = (checks: readonly Check[]): string[] =>
  checks.filter(({ faults }) => faults.length > 0).map(({ name }) => name);

const statuses = ({ placed }: Placing): Record<string, string> =>
  Object.fromEntries(placed.map(({ plan, latest }) => [plan.invoiceNo, latest.status]));

describe('a run over a platform that keeps its promises', () => {
  it('confirms nine of ten orders of generated invoices and passes every check', async () => {
    const workload = planWorkload(generateInvoices(1, 120));
    const { placing, checks } = await run(workload, { looks: 2 });
    expect(failed(checks)).toEqual([]);
    expect(placing.refused).toEqual({});
    expect(placing.placed).toHaveLength(workload.orders.length);
    const rejected = placing.placed.filter(({ latest }) => latest.status === 'REJECTED').length;
    expect(rejected / placing.placed.length).toBeGreaterThan(0.05);
    expect(rejected / placing.placed.length).toBeLessThan(0.15);
  });

  it('gives each product the stock that was asked for', async () => {
    const workload = planWorkload([
      invoice('1', [row({ quantity: 6 })]),
      invoice('2', [row({ quantity: 5, stockCode: '71053' })]),
    ]);
    const { placing, checks } = await run(workload, {}, 5);
    expect(statuses(placing)).toEqual({ 1: 'REJECTED', 2: 'CONFIRMED' });
    expect(failed(checks)).toEqual([]);
  });

  it('brings what an earlier run left to the wanted stock, up or down, in steps the API takes', async () => {
    const platform = new FakePlatform();
    platform.shelves.set('85123A', { onHand: 40, reserved: 25 });
    platform.shelves.set('71053', { onHand: 0, reserved: 0 });
    const catalogue = ['85123A', '71053'].map((sku) => ({ sku, name: sku, price: 1 }));
    const wanted = (sku: string): number => (sku === '71053' ? 250_000 : 4);
    const stock = await registerProducts(platform.session(), catalogue, wanted);
    expect(stock.get('85123A')).toEqual({ onHand: 29, reserved: 25, available: 4 });
    expect(await platform.api.stock()).toEqual(stock);
    expect(platform.keys).toHaveLength(4);
    expect(new Set(platform.keys).size).toBe(4);
  });

  it('cancels orders before and after they are decided', async () => {
    const back = row({ quantity: -1 });
    const workload = planWorkload([invoice('1', [row()]), invoice('2', [row()]), invoice('C3', [back])]);
    const { placing, checks } = await run(workload, {}, 100);
    expect(statuses(placing)).toEqual({ 1: 'CONFIRMED', 2: 'CANCELLED' });
    expect(placing.cancellations).toEqual({ accepted: 1, refused: {} });
    expect(failed(checks)).toEqual([]);
  });

  it('tries orders again that come before the orders service knows their products', async () => {
    const { placing, checks, platform } = await run(planWorkload([invoice('1', [row()])]), {
      earlyRefusals: 1,
    });
    expect(statuses(placing)).toEqual({ 1: 'CONFIRMED' });
    expect(platform.keys.filter((key) => key === 'demo-test-1')).toHaveLength(2);
    expect(failed(checks)).toEqual([]);
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
      'a product that orders never hear of',
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
    const session = platform.session({ signal: stop.signal });
    await registerProducts(session, workload.catalogue, () => 1);
    const { placed } = await placeOrders(session, workload.steps);
    const waiting = awaitFinal(session, placed);
    stop.abort(new Error('Interrupted'));
    await expect(waiting).rejects.toThrow(/Interrupted|aborted/);
  });
});
