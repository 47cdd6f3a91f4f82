import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import { planLoad } from '@orderly/support/plan';
import { lineWriter } from '@orderly/support/platform';
import { startFaultyCloud } from '../src/clouds/faulty-cloud.ts';
import { runCloudUnderFaults } from '../src/clouds/run.ts';
import { neverInjected } from '../src/report.ts';
import { newRun } from '../src/run.ts';

// As `npm run test:faults -- --cloud azure --orders 60`, with fewer customers at a time.

const [ORDERS, SEED] = [60, 2];

it.each(['azure', 'google'] as const)('keeps every promise on the libraries of %s', async (cloud) => {
  const log = lineWriter(join(repositoryRoot, `.orderly/faults-test-${cloud}.log`));
  const platform = await startFaultyCloud({ cloud, log });
  try {
    const run = newRun();
    const result = await runCloudUnderFaults(platform, {
      seed: SEED,
      run,
      orders: ORDERS,
      plan: planLoad({ seed: SEED, run, orders: ORDERS }),
      until: new AbortController().signal,
      concurrency: 6,
      patienceMs: 4_000,
      stallMs: 45_000,
      log: () => undefined,
    });

    expect(result.findings).toEqual([]);
    expect(neverInjected(result)).toEqual([]);
    expect(result.orders).toBe(ORDERS);
  } finally {
    await platform.stop();
  }
});
