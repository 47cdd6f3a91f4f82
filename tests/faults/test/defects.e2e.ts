import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import { type Circumstances, type Defect, defectsInProcesses } from '@orderly/support/defects';
import { planLoad } from '@orderly/support/plan';
import { lineWriter } from '@orderly/support/platform';
import type { Finding, Harm } from '@orderly/support/verdict';
import { DefectiveCopy } from '../src/defective-copy.ts';
import { type FaultyPlatform, startFaultyPlatform } from '../src/faulty-platform.ts';
import { newRun, runUnderFaults } from '../src/run.ts';

// The suite can fail: each mistake is made in a copy of the sources, and the same run that finds nothing otherwise
// must report it.

const ORDERS = 32;
/** Shorter than in a run that has to be sure that nothing is late: what is lost for good only has to stay so. */
const STALL_MS = 6_000;
/** Longer than a killed attempt at a mail keeps others away from it. */
const PATIENT_STALL_MS = 30_000;

/** A copy of the sources and its platform, for one mistake after the other. */
interface Lane {
  readonly copy: DefectiveCopy;
  readonly platform: FaultyPlatform;
  /** Resolves when what was begun on it has ended. */
  idle: Promise<unknown>;
}

/** A run waits most of its time: two at once take little longer than one. */
const LANES = 2;
const lanes: Lane[] = [];
/** What the runs found, by the defect's name. */
const harms = new Map<string, Promise<ReadonlySet<Harm>>>();
let whereNothingIsWrong: Promise<readonly Finding[]>;

async function run(
  { platform }: Lane,
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
    plan: planLoad({ seed, run: name, orders: ORDERS, ...(fate && { fate }) }),
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

async function harmsOf(defect: Defect & Circumstances, lane: Lane): Promise<ReadonlySet<Harm>> {
  await lane.copy.switchTo(defect);
  const found = new Set<Harm>();
  // A short run may be lucky; five are not.
  for (let seed = 1; seed <= 5 && !found.has(defect.harm); seed++) {
    for (const { harm } of await run(lane, seed, defect.stallMs ?? STALL_MS, defect)) found.add(harm);
  }
  return found;
}

async function openLane(number: number): Promise<void> {
  const copy = new DefectiveCopy();
  const platform = await startFaultyPlatform({
    stage: `defects${process.pid}-${number}`,
    log: lineWriter(join(repositoryRoot, `.orderly/defects-${number}.log`)),
    root: copy.root,
    env: { ORDERLY_CONCURRENCY: '2', ORDERLY_VISIBILITY_TIMEOUT: '3' },
  });
  lanes.push({ copy, platform, idle: Promise.resolve() });
}

/** Does something on a lane when that is idle. */
function next<T>(lane: Lane, work: (lane: Lane) => Promise<T>): Promise<T> {
  const done = lane.idle.then(() => work(lane));
  // Its test says what went wrong.
  lane.idle = done.catch(() => undefined);
  return done;
}

beforeAll(async () => {
  for (let number = 1; number <= LANES; number++) await openLane(number);
  const [first] = lanes;
  if (first === undefined) throw new Error('No platform has started');
  // The first, while no publisher has a list of subscriptions from an earlier run.
  whereNothingIsWrong = next(first, (lane) => run(lane, 1, PATIENT_STALL_MS));
  for (const [n, defect] of defectsInProcesses.entries()) {
    const lane = lanes[(n + 1) % LANES] ?? first;
    const found = next(lane, () => harmsOf(defect, lane));
    harms.set(defect.name, found);
  }
});

afterAll(async () => {
  await Promise.all(lanes.map(({ platform }) => platform.stop()));
  for (const { copy } of lanes) copy.remove();
});

it('finds nothing where nothing is wrong', async () => {
  expect(await whereNothingIsWrong).toEqual([]);
});

it.each(defectsInProcesses)(
  'reports $name',
  async ({ name, harm }) => {
    expect([...((await harms.get(name)) ?? [])]).toContain(harm);
  },
  // It waits for those before it on its lane, too.
  1_200_000,
);
