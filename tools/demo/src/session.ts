import type { Driver } from '@orderly/support/driver';
import type { Evidence } from '@orderly/support/evidence';
import type { ReceivedEvents } from '@orderly/support/subscriber';
import type { Progress } from './progress.ts';
import type { Workload } from './workload.ts';

export interface RunSettings {
  readonly workload: Workload;
  /** Pieces that each product starts with; undefined: enough for about nine orders in ten. */
  readonly stock: number | undefined;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Milliseconds without progress after which what is still open counts as lost. */
  readonly stallMs: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly log: (line: string) => void;
}

/** A run on a platform, or on what stands in for one. */
export interface Session extends RunSettings {
  /** A short name of this run; part of every idempotency key. */
  readonly run: string;
  readonly driver: Driver;
  /** What the demo, a subscriber like any other team's service, has received. */
  readonly received: ReceivedEvents;
  readonly collect: () => Promise<Evidence>;
}
