import { HistoryFile } from './history-file.ts';
import type { Outcome, Task } from './outcome.ts';
import { compileAll } from './programs.ts';
import { simulate } from './simulation.ts';
import { readSources } from './sources.ts';

/** How far the run is. */
export interface Progress {
  readonly orders: number;
  readonly steps: number;
  /** Virtual time. */
  readonly micros: number;
}

export type Report =
  | { readonly report: 'progress'; readonly progress: Progress }
  | { readonly report: 'end'; readonly outcome: Outcome };

const REPORT_EVERY_MS = 500;

let progress: () => Pick<Progress, 'steps' | 'micros'> = () => ({ steps: 0, micros: 0 });
let orders = 0;

const seconds = (): number => performance.now() / 1000;
const send = (report: Report, then?: () => void): void => void process.send?.(report, undefined, {}, then);
const end = (outcome: Outcome): void => send({ report: 'end', outcome }, () => process.exit());

const breakOff = (error: unknown): void => {
  const { steps, micros } = progress();
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  end({
    outcome: 'broken',
    seconds: seconds(),
    step: steps,
    error: `${what}\n(${micros} us of virtual time)`,
  });
};

async function run(sources: string, { history, ...options }: Task): Promise<void> {
  const programs = compileAll(readSources(sources));
  const file = history === undefined ? undefined : new HistoryFile(history);
  try {
    const result = await simulate(programs, {
      ...options,
      onStart: (scheduler) => {
        progress = () => ({ steps: scheduler.steps, micros: scheduler.micros });
      },
      onOrder: (count) => {
        orders = count;
      },
      ...(file && { listener: (line) => file.add(line) }),
    });
    file?.close();
    end({ outcome: 'judged', seconds: seconds(), result });
  } catch (error) {
    file?.close();
    breakOff(error);
  }
}

// Errors of programs and of the world that nobody waits for.
process.on('uncaughtException', breakOff);
process.on('unhandledRejection', breakOff);
// Who started this process decides when it ends: at Ctrl-C a terminal tells both.
process.on('SIGINT', () => undefined);
process.on('disconnect', () => process.exit());
process.on('message', ({ sources, task }: { readonly sources: string; readonly task: Task }) => {
  setInterval(
    () => send({ report: 'progress', progress: { orders, ...progress() } }),
    REPORT_EVERY_MS,
  ).unref();
  void run(sources, task);
});
