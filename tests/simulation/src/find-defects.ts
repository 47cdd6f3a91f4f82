import { type Defect, defects } from '@orderly/support/defects';
import { findingsOf, problemsOf, type Run, type Task } from './outcome.ts';
import type { Pool, RunOne } from './pool.ts';

const SEEDS = 200;
const ORDERS = 150;

type Outcome =
  | { readonly outcome: 'found'; readonly seed: number; readonly text: string }
  /** No run has said it, though histories differ. */
  | { readonly outcome: 'not found' }
  /** Every history is the same as without the defect. */
  | { readonly outcome: 'not reached' }
  /** The same seed has findings without the defect, too: what it says proves nothing. */
  | { readonly outcome: 'not trusted'; readonly seed: number; readonly text: string };

interface Row {
  readonly defect: Defect;
  readonly result: Outcome;
  readonly seconds: number;
}

export interface DefectsOptions {
  readonly pool: Pool;
  /** A part of the names of the defects to look for; all of them without it. */
  readonly name?: string | undefined;
  readonly write: (text: string) => void;
  /** Gets a line for each defect that is done. */
  readonly note: (text: string) => void;
}

/** What the runs without a defect have come to: each is made once, by whoever needs it first. */
class RunsWithoutDefect {
  readonly #runs = new Map<number, Promise<Run | undefined>>();

  of(seed: number, runOne: RunOne): Promise<Run | undefined> {
    const run = this.#runs.get(seed) ?? runOne(taskOf(seed));
    this.#runs.set(seed, run);
    return run;
  }
}

const taskOf = (seed: number): Task => ({ seed, orders: ORDERS, faults: 'swarm' });

/** Undefined for a run that broke off: it differs from every run that did not. */
const hashOf = ({ outcome }: Run): string | undefined =>
  outcome.outcome === 'judged' ? outcome.result.hash : undefined;

/**
 * Looks for a defect seed by seed, until a run has a finding of its harm.
 * @returns undefined when it was interrupted
 */
async function examine(
  { name, harm }: Defect,
  runOne: RunOne,
  without: RunsWithoutDefect,
): Promise<Outcome | undefined> {
  let reached = false;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const run = await runOne({ ...taskOf(seed), defect: name, stopAt: harm });
    if (run === undefined) return undefined;
    const finding = findingsOf(run).find((each) => each.harm === harm);
    if (reached && finding === undefined) continue;
    const right = await without.of(seed, runOne);
    if (right === undefined) return undefined;
    const [wrong] = problemsOf(right);
    if (wrong !== undefined) return { outcome: 'not trusted', seed, text: wrong };
    if (finding) return { outcome: 'found', seed, text: finding.text };
    reached ||= hashOf(run) !== hashOf(right);
  }
  return { outcome: reached ? 'not found' : 'not reached' };
}

/** Of a UUID the first block is enough for people. */
const uuid = /\b([\da-f]{8})(?:-[\da-f]{4}){3}-[\da-f]{12}\b/g;

const cell = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(uuid, '$1').replaceAll('|', '\\|').slice(0, 120);

function describe({ defect, result }: Row): string {
  const { name, harm } = defect;
  if (result.outcome === 'found') return `| ${name} | ${harm} | ${result.seed} | ${cell(result.text)} |`;
  const seed = 'seed' in result ? result.seed : SEEDS;
  const text = 'text' in result ? `: ${cell(result.text)}` : '';
  return `| ${name} | ${harm} | ${seed} | **${result.outcome}**${text} |`;
}

/**
 * Makes each of the defects of `@orderly/support/defects` in turn, and says in a table which seed has found it.
 * @returns whether all were found
 */
export async function findDefects({ pool, name = '', write, note }: DefectsOptions): Promise<boolean> {
  const started = performance.now();
  const wanted = defects.filter((defect) => defect.name.includes(name));
  const todo = [...wanted];
  const rows: Row[] = [];
  const without = new RunsWithoutDefect();
  await pool.inLanes(async (runOne) => {
    for (let defect = todo.shift(); defect !== undefined; defect = todo.shift()) {
      const since = performance.now();
      const result = await examine(defect, runOne, without);
      if (result === undefined) return;
      const row = { defect, result, seconds: (performance.now() - since) / 1000 };
      rows.push(row);
      note(`${rows.length}/${wanted.length} ${Math.round(row.seconds)} s ${describe(row)}`);
    }
  });
  rows.sort((one, other) => wanted.indexOf(one.defect) - wanted.indexOf(other.defect));
  const found = rows.filter(({ result }) => result.outcome === 'found').length;
  write('| defect | harm | found by seed | what it said |\n| --- | --- | --: | --- |\n');
  for (const row of rows) write(`${describe(row)}\n`);
  const seconds = Math.round((performance.now() - started) / 1000);
  write(`\n${found} of ${wanted.length} defects found, with ${ORDERS} orders a seed, in ${seconds} s\n`);
  return wanted.length > 0 && found === wanted.length;
}
