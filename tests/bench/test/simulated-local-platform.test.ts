import { type LoadPoint, legNames } from '../src/platform/figures.ts';
import { checkLocally, deviation } from '../src/simulation/local-check.ts';
import type { Measured } from '../src/simulation/local-parameters.ts';
import { type LocalPlatform, runLocally, type StageCost } from '../src/simulation/local-platform.ts';
import { targets } from '../src/simulation/tables.ts';

// A platform of which everything is known takes the place of the measured one.

const stageOf = (service: string): StageCost => ({
  cpuMs: [
    ['embedded AWS', 1.5],
    [service, 2.5],
  ],
  delayMs: 16,
});

const known: LocalPlatform = {
  cores: 1.8,
  batchShare: 0.7,
  streamBatch: 100,
  queueBatch: 10,
  queueConcurrency: 2,
  costs: {
    accept: stageOf('orders'),
    'publish placed': stageOf('orders'),
    reserve: stageOf('inventory'),
    'publish reserved': stageOf('inventory'),
    confirm: stageOf('orders'),
    'publish confirmed': stageOf('orders'),
    notify: stageOf('notifications'),
    'publish notified': stageOf('notifications'),
  },
};

const same = (value: number) => ({ p50: value, p95: value, p99: value });

function pointOf(clients: number, orders: number): LoadPoint {
  const { cpuMsPerOrder, ...run } = runLocally(known, { clients, orders });
  // Of 32 ms without batches DynamoDB takes 12, orders 10, the others 5 each.
  const share = (process: string, ms: number) => ({ process, cpuMsPerOrder: (ms / 32) * cpuMsPerOrder });
  return {
    clients,
    orders,
    ...run,
    acceptedMs: same(run.acceptedP50Ms),
    confirmedMs: same(run.confirmedP50Ms),
    notifiedMs: same(run.confirmedP50Ms),
    retries: 0,
    cpuMsPerOrder,
    processes: [
      share('embedded AWS', 12),
      share('orders', 10),
      share('inventory', 5),
      share('notifications', 5),
    ],
  };
}

const measured: Measured = {
  idle: {
    orders: 10,
    acceptedMs: same(20),
    confirmedMs: same(120),
    notifiedMs: same(160),
    legs: Object.fromEntries(legNames.map((name) => [name, same(20)])) as Measured['idle']['legs'],
  },
  load: [pointOf(1, 300), pointOf(8, 600), pointOf(32, 900), pointOf(128, 900)],
};

const local = checkLocally(measured);

it('finds a platform again of which it has seen one client and one other point', () => {
  const off = local.map((check) => ({ ...check, off: Math.abs(deviation(check)) }));

  expect(off.map(({ clients }) => clients)).toEqual([8, 8, 8, 32, 32, 32, 128, 128, 128]);
  expect(off.filter((check) => check.off > 0.1)).toEqual([]);
});

it('takes what it was calibrated with for no prediction', () => {
  expect(local.filter(({ calibrated }) => calibrated)).toEqual([
    expect.objectContaining({ clients: 32, what: 'completed per second' }),
  ]);
  expect(targets({ local, limits: [], predictions: [] })).toHaveLength(8);
});

it('misses its target where a prediction is off by more than a quarter', () => {
  const [first] = local;
  if (first === undefined) throw new Error('There is a first check');
  const off = (predicted: number) => ({ ...first, measured: 100, predicted, calibrated: false });
  const checks = [off(126), off(124), off(76), off(74)];

  expect(targets({ local: checks, limits: [], predictions: [] }).map(({ met }) => met)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});

it('says what is missing where processor time was not measured', () => {
  const load = measured.load.map(({ cpuMsPerOrder: _, ...point }) => point);

  expect(() => checkLocally({ ...measured, load })).toThrow('/proc');
});

it('ends with every order confirmed, in the same time for the same loop', () => {
  const loop = { clients: 8, orders: 500 };
  const run = runLocally(known, loop);

  expect(run).toEqual(runLocally(known, loop));
  expect(run.completedPerSecond).toBeGreaterThan(0);
  expect(run.completedPerSecond).toBeLessThanOrEqual(run.acceptedPerSecond);
  // No more than the cores have.
  expect(run.completedPerSecond * run.cpuMsPerOrder).toBeLessThanOrEqual(1000 * known.cores * 1.01);
});
