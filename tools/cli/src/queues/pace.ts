import { setTimeout } from 'node:timers/promises';

/**
 * A function that lets so many messages through each second, on average since the first.
 *
 * @param perSecond no limit when absent
 * @param signal ends a wait
 */
export function pacer(
  perSecond: number | undefined,
  signal: AbortSignal,
): (messages: number) => Promise<void> {
  let free = Date.now();
  return async (messages) => {
    if (perSecond === undefined) return;
    free = Math.max(free, Date.now()) + (messages / perSecond) * 1000;
    await setTimeout(free - Date.now(), undefined, { signal }).catch(() => undefined);
  };
}
