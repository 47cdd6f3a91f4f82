import type { Api } from './api.ts';
import type { Subscription } from './subscription.ts';

/** What every step of a run works with. */
export interface Session {
  /** A short name of this run; part of every idempotency key. */
  readonly run: string;
  readonly api: Api;
  readonly subscription: Subscription;
  /** Requests in flight at most. */
  readonly concurrency: number;
  /** Aborted by Ctrl-C. */
  readonly signal: AbortSignal;
  /** Milliseconds without any progress after which a wait is given up. */
  readonly stallMs: number;
  /** Milliseconds that running publishers need to find a new subscription. */
  readonly discoveryMs: number;
}
