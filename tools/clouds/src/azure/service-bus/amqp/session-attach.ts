import type { Clock } from '@orderly/aws/clock';
import type { Sender } from 'rhea';
import { asServiceBusError, ServiceBusError } from '../errors.ts';
import type { MessageQueue } from '../message-queue.ts';
import type { SessionLock } from '../sessions.ts';
import { holdAttach, long, refuse, setProperties } from './rhea.ts';

/** Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#amqp-link */
export const SESSION_FILTER = 'com.microsoft:session-filter';
const TIMEOUT = 'com.microsoft:timeout';
const LOCKED_UNTIL = 'com.microsoft:locked-until-utc';
const DEFAULT_TIMEOUT_MS = 60_000;

/** .NET counts time in ticks of 100 ns since the year 1. */
const TICKS_TO_EPOCH = 621_355_968_000_000_000n;
const TICKS_PER_MS = 10_000n;

const ticks = (ms: number): Buffer => {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(ms) * TICKS_PER_MS + TICKS_TO_EPOCH);
  return bytes;
};

export interface SessionAttach {
  readonly queue: MessageQueue;
  readonly clock: Clock;
  /** A session was locked. */
  accepted(lock: SessionLock): void;
  /** The lock on the session has expired. */
  lost(): void;
  /** No session came in time, or the receiver left. */
  ended(): void;
}

/**
 * Answers a receiver that wants a session: the one that it names, at once, or the next one with messages. For that it waits as
 * long as the receiver says.
 * @returns ends the wait; undefined when there is none
 * @throws ServiceBusError when the session is locked
 */
export const acceptSession = (sender: Sender, attach: SessionAttach): (() => void) | undefined => {
  const { queue, clock } = attach;
  const wanted: unknown = Object(sender.source.filter)[SESSION_FILTER];
  const sessionId = typeof wanted === 'string' ? wanted : undefined;
  const tryNow = (): SessionLock | undefined => queue.sessions.accept(sessionId, attach.lost);
  const grant = (lock: SessionLock): void => {
    sender.set_source({
      address: String(sender.source.address),
      filter: { [SESSION_FILTER]: lock.sessionId },
    });
    setProperties(sender, { [LOCKED_UNTIL]: long(ticks(lock.until)) });
    attach.accepted(lock);
  };
  const lock = tryNow();
  if (lock) {
    grant(lock);
    return undefined;
  }
  const answer = holdAttach(sender);
  const timeoutMs = Number(Object(sender.properties)[TIMEOUT] ?? DEFAULT_TIMEOUT_MS);
  const stop = (): void => {
    ignore();
    cancelTimer();
    attach.ended();
  };
  const ignore = queue.onChange(() => {
    const lock = tryNow();
    if (lock === undefined) return;
    stop();
    grant(lock);
    answer();
  });
  const cancelTimer = clock.after(timeoutMs, () => {
    stop();
    answer();
    const message = `The operation did not complete within the allotted timeout of ${timeoutMs} ms: no session was available.`;
    refuse(sender, asServiceBusError(new ServiceBusError('com.microsoft:timeout', message)));
  });
  return stop;
};
