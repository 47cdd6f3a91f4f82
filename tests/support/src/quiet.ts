import { setTimeout as pause } from 'node:timers/promises';
import type { Queues } from './queues.ts';

export interface Patience {
  /** Ends the wait. */
  readonly signal?: AbortSignal | undefined;
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
export async function settle(
  remaining: () => number | Promise<number>,
  { signal, stallMs, everyMs = 200 }: Patience,
): Promise<boolean> {
  let least = Number.POSITIVE_INFINITY;
  let progressAt = Date.now();
  for (;;) {
    signal?.throwIfAborted();
    const now = await remaining();
    if (now === 0) return true;
    if (now < least) {
      least = now;
      progressAt = Date.now();
    } else if (Date.now() - progressAt >= stallMs) {
      return false;
    }
    await pause(everyMs, undefined, signal ? { signal } : {});
  }
}

/** Waits until no subscription of the platform holds a message; a poison one is in a dead-letter queue then. */
export const awaitQuiet = (queues: Queues, patience: Patience): Promise<boolean> =>
  settle(() => queues.waiting(), patience);
