import type { Clock } from '@orderly/aws/clock';
import type { TokenIssuer, TokenRequest } from './pubsub/token-issuer.ts';

/** Calls a function again and again. */
export interface Job {
  /** E.g. `count-stuck-orders`. */
  readonly name: string;
  readonly url: string;
  readonly everySeconds: number;
  /** Each call has a token of this service account. */
  readonly oidc?: TokenRequest;
}

export interface SchedulerOptions {
  readonly clock: Clock;
  readonly issuer: TokenIssuer;
  /** Called after a call that was not answered with 2xx. */
  readonly onFailure: (job: Job, reason: string) => void;
}

/** The default of an HTTP target: https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs */
const ATTEMPT_MS = 180_000;

/**
 * Calls functions by HTTP as Cloud Scheduler does, first when one period has passed; a job that still runs is not called.
 * Source: https://cloud.google.com/scheduler/docs/reference/rest/v1/projects.locations.jobs#HttpTarget
 * @returns ends it
 */
export const startScheduler = (jobs: readonly Job[], options: SchedulerOptions): (() => void) => {
  const { clock, issuer, onFailure } = options;
  const stopped = new AbortController();
  const cancels = new Map<Job, () => void>();

  const run = async (job: Job): Promise<void> => {
    try {
      const response = await fetch(job.url, {
        method: 'POST',
        headers: {
          'user-agent': 'Google-Cloud-Scheduler',
          'x-cloudscheduler': 'true',
          'x-cloudscheduler-jobname': job.name,
          'x-cloudscheduler-scheduletime': new Date(clock.now()).toISOString(),
          ...(job.oidc && { authorization: `Bearer ${issuer.token(job.oidc)}` }),
        },
        signal: AbortSignal.any([stopped.signal, AbortSignal.timeout(ATTEMPT_MS)]),
      });
      await response.arrayBuffer();
      if (!response.ok) onFailure(job, `status ${response.status}`);
    } catch (error) {
      if (!stopped.signal.aborted) onFailure(job, String(Object(error).cause ?? error));
    }
  };

  const follow = (job: Job): void => {
    let running = false;
    const tick = (): void => {
      cancels.set(job, clock.after(job.everySeconds * 1_000, tick));
      if (running) return;
      running = true;
      void run(job).finally(() => {
        running = false;
      });
    };
    cancels.set(job, clock.after(job.everySeconds * 1_000, tick));
  };

  for (const job of jobs) follow(job);
  return () => {
    stopped.abort();
    for (const cancel of cancels.values()) cancel();
  };
};
