/**
 * Who works on an endpoint's deliveries, and how the endpoint does. One invocation at a time holds the lease, so a slow
 * endpoint occupies one function and no more.
 */
export interface Work {
  /** Counts the writes; 0 before the first one. */
  readonly version: number;
  readonly leaseId?: string;
  readonly leaseEndsAt?: string;
  /** Set while another one holds the lease: there is more to do, look again. */
  readonly again?: boolean;
  /** When the wake-up arrives that was sent ahead. */
  readonly timerAt?: string;
  /** The first failed attempt since the last success. */
  readonly failingSince?: string;
  /** Failed attempts since the last success. */
  readonly failures: number;
  /** Until then no attempt begins. */
  readonly restsUntil?: string;
}

export const noWork: Work = { version: 0, failures: 0 };

/** `taken`: the caller works. `busy`: somebody else does, and shall look again. `noted`: that is known already. */
export type Claim =
  | { readonly outcome: 'taken'; readonly work: Work }
  | { readonly outcome: 'busy'; readonly work: Work }
  | { readonly outcome: 'noted' };

/** Takes the lease, if nobody holds it; a holder that was killed loses it at its end. */
export function claim(work: Work, leaseId: string, at: Date, leaseMs: number): Claim {
  const version = work.version + 1;
  if (work.leaseEndsAt !== undefined && work.leaseEndsAt > at.toISOString()) {
    return work.again ? { outcome: 'noted' } : { outcome: 'busy', work: { ...work, version, again: true } };
  }
  const { again: _, ...free } = work;
  const leaseEndsAt = new Date(at.getTime() + leaseMs).toISOString();
  return { outcome: 'taken', work: { ...free, version, leaseId, leaseEndsAt } };
}

/** When the lease is over, whatever its holder does. */
export const leaseEndOf = ({ leaseEndsAt }: Work): Date | undefined =>
  leaseEndsAt === undefined ? undefined : new Date(leaseEndsAt);

/** Gives the lease back. */
export function release(work: Work): Work {
  const { leaseId: _, leaseEndsAt: __, again: ___, ...free } = work;
  return { ...free, version: work.version + 1 };
}

/** What counts against an endpoint since it was registered, or last enabled. */
export function since(work: Work, enabledAt: string): Work {
  if (work.failingSince === undefined || work.failingSince >= enabledAt) return work;
  const { failingSince: _, restsUntil: __, ...fresh } = work;
  return { ...fresh, failures: 0 };
}

/** After this many failed attempts in a row an endpoint rests, whatever else is due. */
const failuresBeforeRest = 10;
const shortestRestMs = 5_000;
const longestRestMs = 15 * 60 * 1000;

/**
 * How an endpoint does after an attempt. One that only fails rests longer each time: each rest ends with as many attempts as
 * run at once, not with all that wait.
 */
export function noteAttempt(work: Work, accepted: boolean, at: Date): Work {
  if (accepted) {
    const { failingSince: _, restsUntil: __, ...well } = work;
    return { ...well, failures: 0 };
  }
  const failures = work.failures + 1;
  const failing = { ...work, failures, failingSince: work.failingSince ?? at.toISOString() };
  if (failures < failuresBeforeRest) return failing;
  const doublings = Math.min(Math.floor(failures / failuresBeforeRest) - 1, 16);
  const restMs = Math.min(shortestRestMs * 2 ** doublings, longestRestMs);
  return { ...failing, restsUntil: new Date(at.getTime() + restMs).toISOString() };
}

export const isResting = ({ restsUntil }: Work, at: Date): boolean =>
  restsUntil !== undefined && restsUntil > at.toISOString();

/** Whether every attempt has failed for so long that the endpoint is given up. */
export const hasFailedFor = ({ failingSince }: Work, ms: number, at: Date): boolean =>
  failingSince !== undefined && at.getTime() - Date.parse(failingSince) >= ms;

/** SQS delays a message by at most 15 minutes. https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html */
const longestTimerMs = 15 * 60 * 1000;
/** A wake-up may arrive early by a clock that is wrong: one that is due so soon counts as arrived. */
const clockToleranceMs = 5_000;

/**
 * When to wake up next; a longer wait is a chain of these.
 *
 * @param dueAt when the earliest delivery is due
 * @returns undefined where a wake-up is on its way already that arrives in time
 */
export function nextTimer({ timerAt, restsUntil }: Work, dueAt: string, at: Date): Date | undefined {
  const wanted = restsUntil !== undefined && restsUntil > dueAt ? restsUntil : dueAt;
  const latest = at.getTime() + longestTimerMs;
  const wakeAt = Math.max(Math.min(Date.parse(wanted), latest), at.getTime());
  const sentFor = timerAt === undefined ? 0 : Date.parse(timerAt);
  const isOnItsWay = sentFor > at.getTime() + clockToleranceMs && sentFor <= wakeAt;
  return isOnItsWay ? undefined : new Date(wakeAt);
}
