import { setTimeout as pause } from 'node:timers/promises';

export interface Patience {
  readonly signal: AbortSignal;
  /** Milliseconds without progress after which to give up. */
  readonly stallMs: number;
  /** Milliseconds between two looks; default 200. */
  readonly everyMs?: number;
}

/**
 * Looks again and again until nothing remains.
 *
 * @param remaining how many are still to come; every time it falls, the patience starts anew
 * @returns whether nothing remains; false once it has stopped falling for `stallMs`
 * @throws the signal's reason when it is aborted
 */
export const settle = async (
  remaining: () => number | Promise<number>,
  { signal, stallMs, everyMs = 200 }: Patience,
): Promise<boolean> => {
  let least = Number.POSITIVE_INFINITY;
  let progressAt = Date.now();
  for (;;) {
    signal.throwIfAborted();
    const now = await remaining();
    if (now === 0) return true;
    if (now < least) {
      least = now;
      progressAt = Date.now();
    } else if (Date.now() - progressAt >= stallMs) {
      return false;
    }
    await pause(everyMs, undefined, { signal });
  }
};
