import { defects } from '@orderly/support/defects';
import { HistoryFile } from './history-file.ts';
import type { Outcome, Task } from './outcome.ts';
import { compileAll, type Programs, withChange } from './programs.ts';
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

const AT_REST = () => ({ steps: 0, micros: 0 });
let progress: () => Pick<Progress, 'steps' | 'micros'> = AT_REST;
let orders = 0;
let begun = 0;

const seconds = (): number => (performance.now() - begun) / 1000;
const send = (report: Report, then?: () => void): void => void process.send?.(report, undefined, {}, then);

/** What broke a run may break the next one, too: the process ends. */
const breakOff = (error: unknown): void => {
  const { steps, micros } = progress();
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const outcome: Outcome = {
    ...{ outcome: 'broken', seconds: seconds(), step: steps },
    error: `${what}\n(${micros} us of virtual time)`,
  };
  send({ report: 'end', outcome }, () => process.exit());
};

/** Compiled once for all runs of this process. */
const programs = new Map<string, Programs>();

function programsOf(sources: string, isolated = false): Programs {
  const key = `${sources} ${isolated}`;
  const compiled = programs.get(key) ?? compileAll(readSources(sources), { isolated });
  programs.set(key, compiled);
  return compiled;
}

/** Kept as long as runs with the same defect follow each other. */
let wrong: { readonly defect: string; readonly programs: Programs } | undefined;

async function programsWith(defect: string, programs: Programs): Promise<Programs> {
  if (wrong?.defect === defect) return wrong.programs;
  const change = defects.find(({ name }) => name === defect);
  if (change === undefined) throw new Error(`There is no defect ${defect}`);
  wrong = { defect, programs: await withChange(programs, change) };
  return wrong.programs;
}

async function run(sources: string, { history, isolated, defect, ...options }: Task): Promise<void> {
  [orders, begun] = [0, performance.now()];
  const file = history === undefined ? undefined : new HistoryFile(history);
  try {
    const right = programsOf(sources, isolated);
    const programs = defect === undefined ? right : await programsWith(defect, right);
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
    send({ report: 'end', outcome: { outcome: 'judged', seconds: seconds(), result } });
    progress = AT_REST;
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
  void run(sources, task);
});
setInterval(() => send({ report: 'progress', progress: { orders, ...progress() } }), REPORT_EVERY_MS).unref();
