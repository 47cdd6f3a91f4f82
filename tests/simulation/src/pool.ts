import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Run, Task } from './outcome.ts';
import type { SourcesFile } from './sources.ts';
import type { Progress, Report } from './worker.ts';

export interface PoolOptions {
  readonly sources: SourcesFile;
  /** Real milliseconds in which virtual time must advance; generous by default. */
  readonly patienceMs?: number;
  /** The Node.js of the processes; that of this one by default. */
  readonly node?: string;
  /** What the processes find in their environment beside that of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What processes run; for tests. */
  readonly program?: string;
}

const PATIENCE_MS = 10 * 60_000;
const FLAGS = ['--require', require.resolve('tsx/cjs'), '--max-semi-space-size=64'];

/** Runs each seed in a process of its own, at most one process for each core. */
export class Pool {
  readonly #options: PoolOptions;
  readonly #children = new Set<ChildProcess>();
  #stopped = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /**
   * Runs one seed. Never rejects: what breaks the simulation is an outcome, too.
   * @returns undefined when the pool was stopped meanwhile
   */
  run(task: Task, onProgress: (progress: Progress) => void = () => undefined): Promise<Run | undefined> {
    const { sources, patienceMs = PATIENCE_MS, program = join(__dirname, 'worker.ts') } = this.#options;
    const { node = process.execPath, env } = this.#options;
    const begun = performance.now();
    if (this.#stopped) return Promise.resolve(undefined);
    const child = fork(program, {
      ...{ execPath: node, execArgv: FLAGS, env: { ...process.env, ...env } },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#children.add(child);
    let last: Progress = { orders: 0, steps: 0, micros: 0 };
    let said = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-SAID);
    });
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => {
        clearTimeout(timer);
        child.kill('SIGKILL');
        this.#children.delete(child);
        resolve(this.#stopped ? undefined : { task, outcome });
      };
      const breakOff = (error: string): void =>
        end({ outcome: 'broken', seconds: (performance.now() - begun) / 1000, step: last.steps, error });
      const hangs = (): void => breakOff(`Virtual time stood still for ${patienceMs / 1000} s of real time`);
      let timer = setTimeout(hangs, patienceMs);
      child.on('message', (report: Report) => {
        if (report.report === 'end') return end(report.outcome);
        if (report.progress.micros > last.micros) {
          clearTimeout(timer);
          timer = setTimeout(hangs, patienceMs);
        }
        last = report.progress;
        onProgress(last);
      });
      child.on('exit', (code, signal) =>
        breakOff(`The process ended with ${signal ?? code}. ${said}`.trim()),
      );
      child.on('error', ({ message }) => breakOff(message));
      child.send({ sources: sources.path, task });
    });
  }

  /** Runs the tasks that `next` gives until it gives none, as many at a time as there are cores. */
  async runAll(
    next: () => Task | undefined,
    done: (run: Run) => void,
    onProgress: (seed: number, progress: Progress) => void,
  ): Promise<void> {
    const lane = async (): Promise<void> => {
      for (let task = next(); task !== undefined && !this.#stopped; task = next()) {
        const { seed } = task;
        const run = await this.run(task, (progress) => onProgress(seed, progress));
        if (run) done(run);
      }
    };
    await Promise.all(Array.from({ length: availableParallelism() }, lane));
  }

  /** Ends what runs. */
  stop(): void {
    this.#stopped = true;
    for (const child of this.#children) child.kill('SIGKILL');
  }
}

/** How much of what a process has printed is kept, in characters. */
const SAID = 2_000;
