import type { DisabledReason, EndpointId } from '@orderly/contracts';
import type { Attempt } from './attempt.ts';
import { type Delivery, isAccepted, isGone, type RetryPolicy, record } from './delivery.ts';
import type { Endpoint } from './endpoint.ts';
import {
  claim,
  hasFailedFor,
  isResting,
  leaseEndOf,
  nextTimer,
  noteAttempt,
  release,
  since,
  type Work,
} from './work.ts';

/** A delivery that waits, by when it is due. */
export interface Due {
  readonly endpointId: EndpointId;
  readonly eventId: string;
  readonly dueAt: string;
}

/** The outside world. */
export interface Ports {
  now(): Date;
  /** At least 0 and below 1. */
  random(): number;
  newId(): string;
  findWork(endpointId: EndpointId): Promise<Work>;
  /** @returns undefined when it is written, else what somebody else has written meanwhile */
  saveWork(endpointId: EndpointId, work: Work): Promise<Work | undefined>;
  removeWork(endpointId: EndpointId): Promise<void>;
  findEndpoint(endpointId: EndpointId): Promise<Endpoint | undefined>;
  disable(endpointId: EndpointId, reason: DisabledReason, failingSince: string): Promise<unknown>;
  dueAt(endpointId: EndpointId, at: Date, limit: number): Promise<readonly Due[]>;
  firstDue(endpointId: EndpointId): Promise<Due | undefined>;
  findDelivery(endpointId: EndpointId, eventId: string): Promise<Delivery | undefined>;
  /** @returns false when somebody else was faster */
  saveDelivery(delivery: Delivery): Promise<boolean>;
  point(delivery: Delivery): Promise<void>;
  removePointer(due: Due): Promise<void>;
  wake(endpointId: EndpointId, at?: Date): Promise<void>;
  attempt(endpoint: Endpoint, delivery: Delivery, at: Date): Promise<Attempt>;
  /** Called after each attempt, when it is recorded. */
  attempted(delivery: Delivery, attempt: Attempt): void;
}

export interface WorkerSettings extends RetryPolicy {
  /** After failing for so long without a success an endpoint is disabled. */
  readonly disableAfterMs: number;
  /** The longest that an invocation of the function takes. */
  readonly invocationMs: number;
  /** The longest that an attempt takes. */
  readonly attemptMs: number;
}

/** Attempts at one endpoint at once. */
const attemptsAtOnce = 10;
/** For so long a pass begins attempts; then the endpoint queues up behind the others. */
const passMs = 5_000;
/** What recording an attempt, the next wake-up and the lease may take after it. */
const msForRecords = 3_000;

/** How long an invocation needs, in milliseconds, whose last attempt begins as late and takes as long as it may. */
export const longestWorkMs = ({ attemptMs }: Pick<WorkerSettings, 'attemptMs'>): number =>
  passMs + attemptMs + msForRecords;

/**
 * Works on the deliveries of an endpoint that are due: `work(endpointId, remainingMs)`. One invocation works on an endpoint
 * at a time. What is due later, or does not fit, wakes the endpoint again.
 */
export function worker(ports: Ports, settings: WorkerSettings) {
  const { now } = ports;

  /** @returns the work with the lease on it; undefined when somebody else has it, who will look again */
  async function take(endpointId: EndpointId): Promise<Work | undefined> {
    const leaseId = ports.newId();
    let work = await ports.findWork(endpointId);
    for (;;) {
      const claimed = claim(work, leaseId, now(), settings.invocationMs + 1_000);
      if (claimed.outcome === 'noted') return undefined;
      // The holder may have been killed; then somebody has to look when the lease is over.
      if (claimed.outcome === 'busy') await ports.wake(endpointId, leaseEndOf(work));
      const other = await ports.saveWork(endpointId, claimed.work).catch(async (error) => {
        if (claimed.outcome === 'taken') await giveBack(endpointId, leaseId).catch(() => undefined);
        throw error;
      });
      if (other === undefined) return claimed.outcome === 'taken' ? claimed.work : undefined;
      // The write was carried out, and its answer lost: the repeat found the lease that it had made itself.
      if (other.leaseId === leaseId) return other;
      work = other;
    }
  }

  /** Gives the lease back after a failure. Who asked meanwhile is gone, so that a new wake-up takes their place. */
  async function giveBack(endpointId: EndpointId, leaseId: string | undefined): Promise<void> {
    // What is stored decides: a claim that failed may have been carried out, or somebody else's was.
    for (;;) {
      const work = await ports.findWork(endpointId);
      if (leaseId === undefined || work.leaseId !== leaseId) return;
      const other = await ports.saveWork(endpointId, release(work));
      if (other !== undefined) continue;
      if (work.again) await ports.wake(endpointId);
      return;
    }
  }

  /** Makes attempts until nothing is due, the endpoint rests, or the time is over. @returns how the endpoint does now */
  async function pass(endpoint: Endpoint, before: Work, mayBegin: () => boolean): Promise<Work> {
    const { endpointId } = endpoint;
    let work = before;
    let gone = false;
    const goesOn = (): boolean => mayBegin() && !gone && !isResting(work, now());

    async function tryOne(due: Due): Promise<void> {
      const delivery = await ports.findDelivery(endpointId, due.eventId);
      if (delivery?.status !== 'PENDING' || delivery.nextAttemptAt !== due.dueAt) {
        if (delivery !== undefined) await ports.point(delivery);
        return ports.removePointer(due);
      }
      const at = now();
      const attempt = await ports.attempt(endpoint, delivery, at);
      work = noteAttempt(work, isAccepted(attempt), now());
      gone ||= isGone(attempt);
      const after = record(delivery, attempt, at, settings, ports.random());
      // Whoever was faster has made a pointer of their own; this one is corrected when it is read again.
      if (!(await ports.saveDelivery(after))) return;
      await ports.removePointer(due);
      ports.attempted(after, attempt);
    }

    while (goesOn()) {
      const waiting = [...(await ports.dueAt(endpointId, now(), attemptsAtOnce * 5))];
      if (waiting.length === 0) break;
      const lane = async (): Promise<void> => {
        for (let due = waiting.shift(); due !== undefined; due = waiting.shift()) {
          if (!goesOn()) return;
          await tryOne(due);
        }
      };
      // One that fails leaves the others their time: what they have sent shall be recorded.
      const lanes = await Promise.allSettled(Array.from({ length: attemptsAtOnce }, lane));
      const failed = lanes.find((result) => result.status === 'rejected');
      if (failed !== undefined) throw failed.reason;
    }
    const failingSince = work.failingSince ?? now().toISOString();
    if (gone) await ports.disable(endpointId, 'GONE', failingSince);
    else if (hasFailedFor(work, settings.disableAfterMs, now())) {
      await ports.disable(endpointId, 'FAILING', failingSince);
    }
    return work;
  }

  /** Sends a wake-up for what is due later, unless one is on its way. */
  async function setTimer(endpointId: EndpointId, work: Work): Promise<Work> {
    const first = await ports.firstDue(endpointId);
    const timer = first && nextTimer(work, first.dueAt, now());
    if (timer === undefined) return work;
    await ports.wake(endpointId, timer);
    return { ...work, timerAt: timer.toISOString() };
  }

  async function passWhileAsked(
    endpointId: EndpointId,
    taken: Work,
    mayBegin: () => boolean,
  ): Promise<'done' | 'removed'> {
    let work = taken;
    for (;;) {
      const endpoint = await ports.findEndpoint(endpointId);
      if (endpoint === undefined) {
        await ports.removeWork(endpointId);
        return 'removed';
      }
      // What waits for a disabled endpoint waits until its owner enables it.
      if (endpoint.status === 'ENABLED') {
        work = await pass(endpoint, since(work, endpoint.enabledAt), mayBegin);
        work = await setTimer(endpointId, work);
      }
      const other = await ports.saveWork(endpointId, release(work));
      // Either the lease is given back, or it was lost to another one, who looks at everything.
      if (other?.leaseId !== taken.leaseId) return 'done';
      const { again: _, ...rest } = { ...work, version: other?.version ?? 0 };
      work = rest;
    }
  }

  return async (endpointId: EndpointId, remainingMs: () => number): Promise<'done' | 'removed' | 'busy'> => {
    const taken = await take(endpointId);
    if (taken === undefined) return 'busy';
    const passEnds = now().getTime() + passMs;
    const mayBegin = (): boolean =>
      now().getTime() < passEnds && remainingMs() > settings.attemptMs + msForRecords;
    try {
      return await passWhileAsked(endpointId, taken, mayBegin);
    } catch (error) {
      // The wake-up comes again, and shall find the lease free.
      await giveBack(endpointId, taken.leaseId).catch(() => undefined);
      throw error;
    }
  };
}
