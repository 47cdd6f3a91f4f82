import type { Clock } from '@orderly/aws/clock';
import { ServiceBusError } from './errors.ts';
import { Lane } from './lane.ts';
import type { StoredMessage } from './message.ts';

/** The lock that a receiver holds on a session. */
export interface SessionLock {
  readonly sessionId: string;
  /** In milliseconds since the epoch. */
  until: number;
}

interface Holding {
  readonly lock: SessionLock;
  readonly lost: () => void;
  cancel: () => void;
}

interface Session {
  readonly id: string;
  readonly lane: Lane;
  state: Buffer | undefined;
  holding: Holding | undefined;
}

export interface SessionsOptions {
  readonly clock: Clock;
  readonly lockMs: number;
  /** Puts the locked messages of a session back. `failed`: because its lock has expired, which counts as a failure. */
  readonly putBack: (messages: readonly StoredMessage[], failed: boolean) => void;
}

const lockLost = (sessionId: string): ServiceBusError =>
  new ServiceBusError(
    'com.microsoft:session-lock-lost',
    `The session lock has expired on the session with id '${sessionId}'. Accept a new session.`,
  );

/**
 * Who may receive from which session. A session exists while it has messages, a state, or a lock.
 * Source: https://learn.microsoft.com/azure/service-bus-messaging/message-sessions
 */
export class Sessions {
  readonly #options: SessionsOptions;
  readonly #sessions = new Map<string, Session>();
  /** Have messages and no lock; the one that has waited longest is first. */
  readonly #available = new Set<Session>();

  constructor(options: SessionsOptions) {
    this.#options = options;
  }

  append(sessionId: string, message: StoredMessage): void {
    const session = this.#session(sessionId);
    session.lane.append(message);
    this.#settle(session);
  }

  delete(sessionId: string, message: StoredMessage): void {
    const session = this.#session(sessionId);
    session.lane.delete(message);
    this.#settle(session);
  }

  /**
   * Locks a session for a receiver.
   * @param sessionId that session, which may be empty; the next one with messages unless given
   * @param lost called when the lock expires
   * @returns undefined when no session is available
   * @throws ServiceBusError for a session that is locked
   */
  accept(sessionId: string | undefined, lost: () => void): SessionLock | undefined {
    const session = sessionId === undefined ? this.#next() : this.#session(sessionId);
    if (session === undefined) return undefined;
    if (session.holding !== undefined)
      throw new ServiceBusError(
        'com.microsoft:session-cannot-be-locked',
        `The requested session '${session.id}' cannot be accepted. It may be locked by another receiver.`,
      );
    const lock = { sessionId: session.id, until: 0 };
    session.holding = { lock, lost, cancel: () => {} };
    this.renew(lock);
    this.#settle(session);
    return lock;
  }

  /** The messages behind a lock. @throws ServiceBusError when the lock is lost */
  laneOf(lock: SessionLock): Lane {
    return this.#held(lock).lane;
  }

  /** @returns the new end of the lock, in milliseconds since the epoch. @throws ServiceBusError when the lock is lost */
  renew(lock: SessionLock): number {
    const session = this.#held(lock);
    const { holding } = session;
    const { clock, lockMs } = this.#options;
    holding.cancel();
    lock.until = clock.now() + lockMs;
    holding.cancel = clock.after(lockMs, () => {
      this.#end(session, true);
      holding.lost();
    });
    for (const { lock: messageLock } of session.lane) if (messageLock) messageLock.until = lock.until;
    return lock.until;
  }

  /** The lock on a session, for requests that name the session. @throws ServiceBusError when nobody holds it */
  lockOf(sessionId: string): SessionLock {
    const lock = this.#sessions.get(sessionId)?.holding?.lock;
    if (lock === undefined) throw lockLost(sessionId);
    return lock;
  }

  release(lock: SessionLock): void {
    const session = this.#sessions.get(lock.sessionId);
    if (session?.holding?.lock === lock) this.#end(session, false);
  }

  state(lock: SessionLock): Buffer | undefined {
    return this.#held(lock).state;
  }

  setState(lock: SessionLock, state: Buffer | undefined): void {
    this.#held(lock).state = state;
  }

  messagesOf(sessionId: string): Iterable<StoredMessage> {
    return this.#sessions.get(sessionId)?.lane ?? [];
  }

  #next(): Session | undefined {
    const [session] = this.#available;
    return session;
  }

  #session(id: string): Session {
    const known = this.#sessions.get(id);
    if (known !== undefined) return known;
    const session: Session = { id, lane: new Lane(), state: undefined, holding: undefined };
    this.#sessions.set(id, session);
    return session;
  }

  #held(lock: SessionLock): Session & { readonly holding: Holding } {
    const session = this.#sessions.get(lock.sessionId);
    if (session?.holding?.lock !== lock) throw lockLost(lock.sessionId);
    return session as Session & { readonly holding: Holding };
  }

  #end(session: Session, failed: boolean): void {
    session.holding?.cancel();
    session.holding = undefined;
    const locked = [...session.lane].filter(({ lock }) => lock !== undefined);
    this.#settle(session);
    this.#options.putBack(locked, failed);
  }

  #settle(session: Session): void {
    const { id, lane, holding, state } = session;
    if (lane.size > 0 && holding === undefined) this.#available.add(session);
    else this.#available.delete(session);
    if (lane.size === 0 && holding === undefined && state === undefined) this.#sessions.delete(id);
  }
}
