import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import type { Outcome, Task } from './outcome.ts';
import type { SourcesFile } from './sources.ts';
import type { Progress, Report } from './worker.ts';

export interface ProcessOptions {
  readonly sources: SourcesFile;
  /** Real milliseconds in which virtual time must advance; generous by default. */
  readonly patienceMs?: number;
  /** The Node.js of the process; that of this one by default. */
  readonly node?: string;
  /** What the process finds in its environment beside that of this one. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the process runs; for tests. */
  readonly program?: string;
}

const PATIENCE_MS = 10 * 60_000;
const FLAGS = ['--require', require.resolve('tsx/cjs'), '--max-semi-space-size=64'];
/** How much of what a process has printed is kept, in characters. */
const SAID = 2_000;
/** What V8 has learned makes later runs faster; what a process has kept is given back now and then. */
const MOST_RUNS = 25;

/** Runs one seed after the other, until one breaks it. */
export class SeedProcess {
  readonly #options: ProcessOptions;
  readonly #child: ChildProcess;
  #runs = 0;
  #said = '';

  constructor(options: ProcessOptions) {
    const { program = join(__dirname, 'worker.ts'), node = process.execPath, env } = options;
    this.#options = options;
    this.#child = fork(program, {
      ...{ execPath: node, execArgv: FLAGS, env: { ...process.env, ...env } },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.#child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#said = (this.#said + text).slice(-SAID);
    });
  }

  /** Whether it may run another seed. */
  get isFresh(): boolean {
    return this.#runs < MOST_RUNS;
  }

  /** Runs a seed; one at a time. Never rejects: what breaks the simulation is an outcome, too, and ends the process. */
  run(task: Task, onProgress: (progress: Progress) => void): Promise<Outcome> {
    const child = this.#child;
    const { sources, patienceMs = PATIENCE_MS } = this.#options;
    const begun = performance.now();
    this.#runs++;
    let last: Progress = { orders: 0, steps: 0, micros: 0 };
    return new Promise((resolve) => {
      const end = (outcome: Outcome): void => {
        clearTimeout(timer);
        child
          .removeListener('message', onReport)
          .removeListener('exit', onExit)
          .removeListener('error', onError);
        if (outcome.outcome === 'broken') this.end();
        resolve(outcome);
      };
      const breakOff = (error: string): void =>
        end({ outcome: 'broken', seconds: (performance.now() - begun) / 1000, step: last.steps, error });
      const hangs = (): void => breakOff(`Virtual time stood still for ${patienceMs / 1000} s of real time`);
      let timer = setTimeout(hangs, patienceMs);
      const onReport = (report: Report): void => {
        if (report.report === 'end') {
          end(report.outcome);
          return;
        }
        if (report.progress.micros > last.micros) {
          clearTimeout(timer);
          timer = setTimeout(hangs, patienceMs);
        }
        last = report.progress;
        onProgress(last);
      };
      const onExit = (code: number | null, signal: string | null): void =>
        breakOff(`The process ended with ${signal ?? code}. ${this.#said}`.trim());
      const onError = ({ message }: Error): void => breakOff(message);
      child.on('message', onReport).on('exit', onExit).on('error', onError);
      child.send({ sources: sources.path, task });
    });
  }

  end(): void {
    this.#runs = MOST_RUNS;
    this.#child.on('error', () => undefined).kill('SIGKILL');
  }
}
