import { availableParallelism } from 'node:os';
import type { Run, Task } from './outcome.ts';
import { type ProcessOptions, SeedProcess } from './seed-process.ts';
import type { Progress } from './worker.ts';

/** Runs one seed. Never rejects. @returns undefined when the pool was stopped meanwhile */
export type RunOne = (task: Task, onProgress?: (progress: Progress) => void) => Promise<Run | undefined>;

/** Runs seeds in processes, at most one for each core. */
export class Pool {
  readonly #options: ProcessOptions;
  readonly #processes = new Set<SeedProcess>();
  #stopped = false;

  constructor(options: ProcessOptions) {
    this.#options = options;
  }

  /**
   * Runs one seed in a process of its own. Never rejects.
   * @returns undefined when the pool was stopped meanwhile
   */
  async run(
    task: Task,
    onProgress: (progress: Progress) => void = () => undefined,
  ): Promise<Run | undefined> {
    const process = this.#begin();
    const run = process && (await this.#runIn(process, task, onProgress));
    if (process) this.#end(process);
    return run;
  }

  /** Runs the tasks that `next` gives until it gives none, as many at a time as there are cores. */
  async runAll(
    next: () => Task | undefined,
    done: (run: Run) => void,
    onProgress: (seed: number, progress: Progress) => void,
  ): Promise<void> {
    await this.inLanes(async (runOne) => {
      for (let task = next(); task !== undefined && !this.#stopped; task = next()) {
        const { seed } = task;
        const run = await runOne(task, (progress) => onProgress(seed, progress));
        if (run) done(run);
      }
    });
  }

  /** Does the work once for each core, side by side. What it runs, it runs in one process, one seed after the other. */
  async inLanes(work: (run: RunOne) => Promise<void>): Promise<void> {
    const lane = async (): Promise<void> => {
      let process: SeedProcess | undefined;
      const end = (): void => process && this.#end(process);
      await work(async (task, onProgress = () => undefined) => {
        if (!process?.isFresh) {
          end();
          process = this.#begin();
        }
        return process && this.#runIn(process, task, onProgress);
      });
      end();
    };
    await Promise.all(Array.from({ length: availableParallelism() }, lane));
  }

  /** Ends what runs. */
  stop(): void {
    this.#stopped = true;
    for (const process of this.#processes) process.end();
  }

  async #runIn(
    process: SeedProcess,
    task: Task,
    onProgress: (progress: Progress) => void,
  ): Promise<Run | undefined> {
    const outcome = await process.run(task, onProgress);
    return this.#stopped ? undefined : { task, outcome };
  }

  #begin(): SeedProcess | undefined {
    if (this.#stopped) return undefined;
    const process = new SeedProcess(this.#options);
    this.#processes.add(process);
    return process;
  }

  #end(process: SeedProcess): void {
    process.end();
    this.#processes.delete(process);
  }
}
