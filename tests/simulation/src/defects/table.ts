import { availableParallelism } from 'node:os';
import { type Defect, defects } from '@orderly/support/defects';
import { Lane } from './lane.ts';
import type { Ran } from './worker.ts';

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
  /** A part of the names of the defects to look for; all of them without it. */
  readonly name?: string | undefined;
  readonly write: (text: string) => void;
  /** Gets a line for each defect that is done. */
  readonly note: (text: string) => void;
}

/** What the runs without a defect have come to: each is made once, by whoever needs it first. */
class RunsWithoutDefect {
  readonly #runs = new Map<number, Promise<Ran>>();

  of(seed: number, lane: Lane): Promise<Ran> {
    const run = this.#runs.get(seed) ?? lane.run({ seed, orders: ORDERS });
    this.#runs.set(seed, run);
    return run;
  }
}

/** Looks for a defect seed by seed, until a run has a finding of its harm. */
async function examine({ name, harm }: Defect, lane: Lane, without: RunsWithoutDefect): Promise<Outcome> {
  let reached = false;
  for (let seed = 1; seed <= SEEDS; seed++) {
    const ran = await lane.run({ seed, orders: ORDERS, defect: name });
    const finding = ran.outcome === 'ran' ? ran.findings.find((each) => each.harm === harm) : undefined;
    if (reached && finding === undefined) continue;
    const right = await without.of(seed, lane);
    if (right.outcome === 'broken') return { outcome: 'not trusted', seed, text: right.reason };
    const [wrong] = right.findings;
    if (wrong) return { outcome: 'not trusted', seed, text: wrong.text };
    if (finding) return { outcome: 'found', seed, text: finding.text };
    reached ||= ran.outcome === 'broken' || ran.hash !== right.hash;
  }
  return { outcome: reached ? 'not found' : 'not reached' };
}

const cell = (text: string): string => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 160);

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
export async function findDefects({ name = '', write, note }: DefectsOptions): Promise<boolean> {
  const started = performance.now();
  const wanted = defects.filter((defect) => defect.name.includes(name));
  const todo = [...wanted];
  const rows: Row[] = [];
  const without = new RunsWithoutDefect();
  const work = async (): Promise<void> => {
    const lane = new Lane();
    for (let defect = todo.shift(); defect !== undefined; defect = todo.shift()) {
      const since = performance.now();
      const result = await examine(defect, lane, without);
      const row = { defect, result, seconds: (performance.now() - since) / 1000 };
      rows.push(row);
      note(`${rows.length}/${wanted.length} ${Math.round(row.seconds)} s ${describe(row)}`);
    }
    lane.end();
  };
  await Promise.all(Array.from({ length: Math.min(availableParallelism(), todo.length) }, work));
  rows.sort((one, other) => wanted.indexOf(one.defect) - wanted.indexOf(other.defect));
  const found = rows.filter(({ result }) => result.outcome === 'found').length;
  write('| defect | harm | found by seed | what it said |\n| --- | --- | --: | --- |\n');
  for (const row of rows) write(`${describe(row)}\n`);
  const seconds = Math.round((performance.now() - started) / 1000);
  write(`\n${found} of ${wanted.length} defects found, with ${ORDERS} orders a seed, in ${seconds} s\n`);
  return wanted.length > 0 && found === wanted.length;
}
