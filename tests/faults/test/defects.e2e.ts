import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import { type Defect, defects } from '@orderly/support/defects';
import { planLoad } from '@orderly/support/plan';
import { lineWriter } from '@orderly/support/platform';
import type { Finding, Harm } from '@orderly/support/verdict';
import { DefectiveCopy } from '../src/defective-copy.ts';
import { type FaultyPlatform, startFaultyPlatform } from '../src/faulty-platform.ts';
import { newRun, runUnderFaults } from '../src/run.ts';

// The suite can fail: each mistake is made in a copy of the sources, and the same run that finds nothing otherwise
// must report it. The simulation makes many more.

const ORDERS = 32;
/** Shorter than in a run that has to be sure that nothing is late: what is lost for good only has to stay so. */
const STALL_MS = 6_000;
/** Longer than a killed attempt at a mail keeps others away from it. */
const PATIENT_STALL_MS = 30_000;

let copy: DefectiveCopy;
let platform: FaultyPlatform;

async function run(
  seed: number,
  stallMs: number,
  rates: Defect['inProcesses'] = {},
): Promise<readonly Finding[]> {
  const name = newRun();
  const { findings } = await runUnderFaults(platform, {
    seed,
    run: name,
    orders: ORDERS,
    plan: planLoad({ seed, run: name, orders: ORDERS }),
    until: new AbortController().signal,
    concurrency: 4,
    patienceMs: 2_000,
    stallMs,
    rates,
    incidents: [],
    log: () => undefined,
  });
  return findings;
}

beforeAll(async () => {
  copy = new DefectiveCopy();
  platform = await startFaultyPlatform({
    stage: `defects${process.pid}`,
    log: lineWriter(join(repositoryRoot, '.orderly/defects.log')),
    root: copy.root,
    env: { ORDERLY_CONCURRENCY: '2', ORDERLY_VISIBILITY_TIMEOUT: '3' },
  });
});

afterAll(async () => {
  await platform.stop();
  copy.remove();
});

it('finds nothing where nothing is wrong', async () => {
  expect(await run(1, PATIENT_STALL_MS)).toEqual([]);
});

it.each(defects.filter(({ inProcesses }) => inProcesses))('reports $name', async (defect) => {
  await copy.switchTo(defect);
  const found = new Set<Harm>();
  // A short run may be lucky; five are not.
  for (let seed = 1; seed <= 5 && !found.has(defect.harm); seed++)
    for (const { harm } of await run(seed, STALL_MS, defect.inProcesses)) found.add(harm);
  expect([...found]).toContain(defect.harm);
});
