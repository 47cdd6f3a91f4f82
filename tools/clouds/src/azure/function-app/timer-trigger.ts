import type { Invoke } from './invoker.ts';
import { readSchedule } from './ncrontab.ts';

/** setTimeout takes no longer times. */
const LONGEST_WAIT_MS = 2 ** 31 - 1;

export interface TimerFunction {
  readonly name: string;
  /** Of its binding. */
  readonly trigger: string;
  readonly schedule: string;
  readonly runOnStartup: boolean;
}

/**
 * Runs a function by its schedule. A run that takes longer than to the next time leaves out what it misses. Schedules are not
 * kept over restarts, so that no run is ever past due.
 * Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer
 *
 * @returns ends it
 * @throws Error for schedules that are not implemented
 */
export const startTimerTrigger = (timer: TimerFunction, invoke: Invoke): (() => void) => {
  const schedule = readSchedule(timer.schedule);
  let waiting: NodeJS.Timeout | undefined;
  let stopped = false;
  let last = new Date(0);
  const run = async (): Promise<void> => {
    const next = new Date(schedule.next(Date.now()));
    const ScheduleStatus = { Last: last, LastUpdated: last, Next: next };
    last = new Date();
    const json = JSON.stringify({ Schedule: { AdjustForDST: true }, ScheduleStatus, IsPastDue: false });
    // The invocation is reported with its error.
    await invoke(timer.name, timer.trigger, { json }).catch(() => {});
  };
  const wait = (due = schedule.next(Date.now())): void => {
    if (stopped) return;
    const ms = due - Date.now();
    waiting = setTimeout(
      () => {
        if (Date.now() < due) wait(due);
        else void run().then(() => wait());
      },
      Math.min(Math.max(ms, 0), LONGEST_WAIT_MS),
    );
  };
  if (timer.runOnStartup) void run().then(() => wait());
  else wait();
  return () => {
    stopped = true;
    clearTimeout(waiting);
  };
};
