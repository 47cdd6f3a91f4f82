import { setTimeout as delay } from 'node:timers/promises';

const PATIENCE_MS = 60_000;

/** Waits until something holds. @throws Error when it does not within a minute */
export const until = async (what: string, holds: () => boolean | Promise<boolean>): Promise<void> => {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`Not within a minute: ${what}`);
    await delay(10);
  }
};
