import { found } from '@orderly/support/verdict';
import type { Run } from '../src/outcome.ts';
import { report, reportJson } from '../src/report.ts';
import type { SimulationResult } from '../src/simulation.ts';
import { aResult } from './a-result.ts';

const run = (more: Partial<SimulationResult> = {}): Run => ({
  task: { seed: more.seed ?? 7, orders: 100, faults: 'heavy', without: ['poison'] },
  outcome: { outcome: 'judged', seconds: 10, result: aResult(more) },
});
const broken: Run = {
  task: { seed: 9, orders: 150, faults: 'swarm' },
  outcome: { outcome: 'broken', seconds: 10, step: 4_711, error: 'TypeError: nothing is there' },
};

it('a good run shows figures, faults and the hash of its history', () => {
  const text = report([run()]);

  expect(text).toMatch(/answer lost +3\n/);
  expect(text).toMatch(/virtual time +1d 01:01:01\.001\n/);
  expect(text).toMatch(/orders per second, 1 at a time +10\n/);
  expect(text).toContain('SHA-256 of the history: f00d');
  expect(text).toMatch(/Every promise held\.$/);
});

it('a failing run shows 25 findings, and how to explain and to shrink it', () => {
  const findings = Array.from({ length: 30 }, (_, n) => found('lost', `Order ${n} is lost (step ${n})`));
  const text = report([run({ findings })]);

  expect(text).toContain('lost: Order 24 is lost (step 24)\n  ... and 5 more');
  expect(text).not.toContain('Order 25');
  expect(text).toContain(
    'npm run simulate -- --seed 7 --orders 100 --faults heavy --without poison --explain',
  );
  expect(text).toContain('--without poison --shrink');
  expect(text).toMatch(/lost or untried +30\n/);
});

it('a run that broke the simulation is a failure with its seed and step', () => {
  const text = report([run(), broken]);

  expect(text).toContain('Seed 9 failed:\n  The simulation broke at step 4711: TypeError: nothing is there');
  expect(text).toMatch(/A promise was broken in 1 of 2 seeds\.$/);
  expect(JSON.parse(reportJson([run(), broken]))).toMatchObject({
    ...{ seeds: 2, orders: 100, broken: 1, failing: [9] },
    faults: { throttled: 12, 'answer lost': 3 },
  });
});
