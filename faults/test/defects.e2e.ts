import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import type { Finding, Harm } from '../src/checks/finding.ts';
import { DefectiveCopy } from '../src/defective-copy.ts';
import { type Defect, defects } from '../src/defects.ts';
import { type FaultyPlatform, startFaultyPlatform } from '../src/faulty-platform.ts';
import { planLoad } from '../src/plan.ts';
import { newRun, runUnderFaults } from '../src/run.ts';

// The suite can fail: each mistake is made in a copy of the sources, and the same run that finds nothing otherwise
// must report it.

const ORDERS = 32;
/** Shorter than in a run that has to be sure that nothing is late: what is lost for good only has to stay so. */
const STALL_MS = 6_000;
/** Longer than a killed attempt at a mail keeps others away from it. */
const PATIENT_STALL_MS = 30_000;

let copy: DefectiveCopy;
let platform: FaultyPlatform;

type Circumstances = Pick<Defect, 'rates' | 'fate' | 'incidents'>;

async function run(
  seed: number,
  stallMs: number,
  circumstances: Circumstances = {},
): Promise<readonly Finding[]> {
  const { rates = {}, fate, incidents = [] } = circumstances;
  const name = newRun();
  const { findings } = await runUnderFaults(platform, {
    seed,
    run: name,
    orders: ORDERS,
    plan: planLoad({ seed, run: name, orders: ORDERS, large: false, ...(fate && { fate }) }),
    until: new AbortController().signal,
    concurrency: 4,
    patienceMs: 2_000,
    stallMs,
    rates,
    incidents,
    log: () => undefined,
  });
  return findings;
}

beforeAll(async () => {
  copy = new DefectiveCopy();
  const folder = join(repositoryRoot, '.orderly');
  mkdirSync(folder, { recursive: true });
  const log = createWriteStream(join(folder, 'defects.log'));
  platform = await startFaultyPlatform({
    log: (line) => log.write(`${line}\n`),
    root: copy.root,
    env: { ORDERLY_CONCURRENCY: '2' },
  });
});

afterAll(async () => {
  await platform?.stop();
  copy.remove();
});

// The first, while no publisher has a list of subscriptions from an earlier run.
it('finds nothing where nothing is wrong', async () => {
  expect(await run(1, PATIENT_STALL_MS)).toEqual([]);
});

it.each(defects)(
  'reports $name',
  async (defect) => {
    await copy.switchTo(defect);

    const harms = new Set<Harm>();
    // A short run may be lucky; five are not.
    for (let seed = 1; seed <= 5 && !harms.has(defect.harm); seed++) {
      for (const { harm } of await run(seed, STALL_MS, defect)) harms.add(harm);
    }

    expect([...harms]).toContain(defect.harm);
  },
  360_000,
);
