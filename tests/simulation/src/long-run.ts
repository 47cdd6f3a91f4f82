import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { historyPath, RESULTS } from './history-file.ts';
import type { Options } from './options.ts';
import { isGood, type Run, type Task } from './outcome.ts';
import type { Pool } from './pool.ts';
import { OrdersBar } from './progress.ts';
import { taskOf } from './task.ts';

interface LongRunOptions {
  /** Orders of all seeds together. */
  readonly total: number;
  /** What a seed is run with. */
  readonly taskOf: (seed: number) => Task;
  readonly firstSeed: number;
  /** Says which programs run: what others have come to does not count. */
  readonly sources: string;
  /** A line of JSON for each seed that is done. */
  readonly file: string;
}

interface Entry extends Run {
  readonly sources: string;
}

/** The last line is not whole when the machine was switched off meanwhile. */
function entryOf(line: string): readonly Entry[] {
  try {
    return [JSON.parse(line) as Entry];
  } catch {
    return [];
  }
}

const ordersOf = ({ outcome }: Run): number => (outcome.outcome === 'judged' ? outcome.result.orders : 0);

/** Many seeds, whose results are kept in a file: what was done is not done again after a new start. */
export class LongRun {
  readonly #options: LongRunOptions;
  readonly #runs = new Map<number, Run>();
  readonly #begun = new Set<number>();
  #seed: number;

  constructor(options: LongRunOptions) {
    this.#options = options;
    this.#seed = options.firstSeed;
    mkdirSync(dirname(options.file), { recursive: true });
    const lines = existsSync(options.file) ? readFileSync(options.file, 'utf8').split('\n') : [];
    for (const { sources, ...run } of lines.flatMap(entryOf)) {
      const { seed } = run.task;
      const task = JSON.stringify(options.taskOf(seed));
      if (sources === options.sources && JSON.stringify(run.task) === task) this.#runs.set(seed, run);
    }
  }

  get runs(): readonly Run[] {
    return [...this.#runs.values()];
  }

  get orders(): number {
    return this.runs.reduce((sum, run) => sum + ordersOf(run), 0);
  }

  /** The next seed to run; undefined when those that run are enough. */
  next(): Task | undefined {
    const running = [...this.#begun].filter((seed) => !this.#runs.has(seed));
    const planned = running.reduce((sum, seed) => sum + this.#options.taskOf(seed).orders, 0);
    // A seed that broke counts as if it were whole: where all of them break, there is an end as well.
    const done = this.runs.reduce((sum, run) => sum + (ordersOf(run) || run.task.orders), 0);
    if (done + planned >= this.#options.total) return undefined;
    while (this.#runs.has(this.#seed)) this.#seed++;
    this.#begun.add(this.#seed);
    return this.#options.taskOf(this.#seed++);
  }

  /** Keeps what has become of a seed. @returns how many orders it had */
  done(run: Run): number {
    const { file, sources } = this.#options;
    // On a line of its own, even if what was written before is not whole.
    appendFileSync(file, `\n${JSON.stringify({ sources, ...run })}`);
    this.#runs.set(run.task.seed, run);
    return ordersOf(run);
  }
}

/** How many histories of failing seeds are kept. */
const HISTORIES = 3;

/** Runs many seeds until so many orders are done, and writes the histories of the first that fail. */
export async function longRun(
  options: Options,
  pool: Pool,
  {
    total,
    sources,
    say,
  }: Pick<LongRunOptions, 'total' | 'sources'> & { readonly say: (line: string) => void },
): Promise<readonly Run[]> {
  const file = join(RESULTS, `long-run-${options.seed}.jsonl`);
  const taskOfSeed = (seed: number): Task => taskOf(options, seed);
  const long = new LongRun({ total, taskOf: taskOfSeed, firstSeed: options.seed, sources, file });
  const before = long.orders;
  say(before > 0 ? `${before} orders of an earlier start are in ${file}.` : `Results go to ${file}.`);
  const bar = new OrdersBar({ total, before, visible: process.stderr.isTTY });
  const done = (run: Run): void => bar.end(run.task.seed, long.done(run));
  await pool.runAll(() => long.next(), done, bar.update);
  bar.stop();
  const failing = long.runs.filter((run) => !isGood(run)).slice(0, HISTORIES);
  for (const { task } of failing) {
    const history = historyPath(task.seed);
    if (await pool.run({ ...task, history })) say(`The history of seed ${task.seed} is in ${history}.`);
  }
  return long.runs;
}
