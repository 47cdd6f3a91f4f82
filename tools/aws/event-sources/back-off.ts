import type { Chance } from '../chance.ts';
import { type Clock, pause } from '../clock.ts';

const FIRST_MS = 100;
const LONGEST_MS = 5_000;

/**
 * How long to wait after the nth failure in a row: twice as long each time, and between half and all of that, so that
 * those who failed together do not come back together.
 * Source: https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 */
export const backOffMs = (failures: number, chance: Chance): number => {
  const whole = Math.min(LONGEST_MS, FIRST_MS * 2 ** (failures - 1));
  return whole * (0.5 + chance.next() / 2);
};

/** Waits after the nth failure in a row. @returns false as soon as `signal` is aborted */
export const backOff = (
  failures: number,
  { clock, chance }: { readonly clock: Clock; readonly chance: Chance },
  signal?: AbortSignal,
): Promise<boolean> => pause(clock, backOffMs(failures, chance), signal);
