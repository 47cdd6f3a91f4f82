import type { Routing } from './router.ts';

/** What the process of a service is started with, in the environment variable below. */
export interface HostPlan extends Routing {
  /** The file that registers the functions with Google's framework. */
  readonly bundle: string;
  /** 0 for any free one. */
  readonly port: number;
  readonly functions: readonly string[];
}

export const PLAN_VARIABLE = 'ORDERLY_FUNCTIONS_HOST';

/** A function has answered a request. */
export interface HostInvocation {
  readonly type: 'invocation';
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly durationMs: number;
  /** Whether it answered below 500, and answered at all. */
  readonly ok: boolean;
}

export type FromHost = HostReady | HostInvocation;

/** What the process says when it answers requests. */
export interface HostReady {
  readonly type: 'ready';
  readonly port: number;
  readonly memoryBytes: number;
}
