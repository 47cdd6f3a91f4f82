import type { Clock } from '@orderly/aws/clock';
import type { MessageChange } from '@orderly/aws/sqs/observation';
import type { QueueSettings } from './entities.ts';
import { notAllowed, ServiceBusError } from './errors.ts';
import { Lane } from './lane.ts';
import type { Lock, MessageContent, Properties, StoredMessage } from './message.ts';
import { type SessionLock, Sessions } from './sessions.ts';
import type { Watch } from './watch.ts';

export interface QueueOptions extends QueueSettings {
  readonly clock: Clock;
  /** A new lock token: a UUID. */
  readonly uuid: () => string;
  readonly path: string;
  readonly watch: Watch | undefined;
}

/** A message in the hands of a receiver. */
export interface Received {
  readonly message: Readonly<StoredMessage>;
  readonly lock: Readonly<Lock>;
}

export interface Counts {
  readonly active: number;
  readonly locked: number;
}

/** Why a message was dead-lettered. */
export interface DeadLetterReason {
  readonly reason?: string | undefined;
  readonly description?: string | undefined;
}

/**
 * The messages of a subscription, or of its dead-letter queue, from which receivers take with peek-lock.
 * Source: https://learn.microsoft.com/azure/service-bus-messaging/message-transfers-locks-settlement
 */
export class MessageQueue {
  readonly path: string;
  readonly requiresSession: boolean;
  /** Undefined in a dead-letter queue. */
  readonly deadLetters: MessageQueue | undefined;
  readonly #options: QueueOptions;
  readonly #all = new Lane();
  readonly #sessions: Sessions;
  readonly #locked = new Map<string, StoredMessage>();
  readonly #listeners = new Set<() => void>();
  #lastSequenceNumber = 0;

  constructor(options: QueueOptions, deadLetters?: MessageQueue) {
    this.path = options.path;
    this.requiresSession = options.requiresSession;
    this.deadLetters = deadLetters;
    this.#options = options;
    const putBack = (messages: readonly StoredMessage[], failed: boolean): void => {
      for (const message of messages) this.#unlock(message, failed);
      this.#changed();
    };
    this.#sessions = new Sessions({ clock: options.clock, lockMs: options.lockMs, putBack });
  }

  get settings(): QueueSettings {
    return this.#options;
  }

  counts(): Counts {
    return { active: this.#all.size - this.#locked.size, locked: this.#locked.size };
  }

  /** Calls back whenever there may be something to receive, or a session to accept. @returns ends it */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Lets those who wait try again. */
  wake(): void {
    this.#changed();
  }

  /** @param enqueuedSequenceNumber the number that the topic gave it */
  add(content: MessageContent, enqueuedSequenceNumber: number, deliveryCount = 0): void {
    const { sessionId } = content;
    this.#lastSequenceNumber += 1;
    const sequenceNumber = this.#lastSequenceNumber;
    const enqueuedAt = this.#options.clock.now();
    const message = {
      content,
      sequenceNumber,
      enqueuedSequenceNumber,
      enqueuedAt,
      deliveryCount,
      lock: undefined,
    };
    if (this.requiresSession && sessionId === undefined) {
      // Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-dead-letter-queues#moving-messages-to-the-dlq
      const description = "Session enabled entity doesn't allow a message whose session identifier is null.";
      this.#toDeadLetters(message, { reason: 'Session ID is null.', description });
      return;
    }
    this.#all.append(message);
    if (this.requiresSession) this.#sessions.append(sessionId ?? '', message);
    this.#note('sent', message, deliveryCount);
    this.#changed();
  }

  /**
   * Locks the next message.
   * @param session where the queue requires sessions
   * @returns undefined when there is none
   * @throws ServiceBusError when the session's lock is lost
   */
  receive(session?: SessionLock): Received | undefined {
    const lane = session ? this.#sessions.laneOf(session) : this.#all;
    for (let message = lane.next(); message; message = lane.next()) {
      if (this.#isExpired(message)) this.#expire(message);
      else return { message, lock: this.#lock(message, session) };
    }
    return undefined;
  }

  /** @throws ServiceBusError when the lock is lost; so do the other settlements */
  complete(token: string): void {
    const message = this.#held(token);
    this.#remove(message);
    this.#note('deleted', message, message.deliveryCount + 1);
  }

  /** @param properties replace application properties of the message */
  abandon(token: string, properties: Properties = {}): void {
    const message = this.#held(token);
    message.content = { ...message.content, properties: { ...message.content.properties, ...properties } };
    this.#unlock(message, true);
    this.#changed();
  }

  /** Ends a lock as if the message had not been received. */
  giveBack(token: string): void {
    this.#unlock(this.#held(token), false);
    this.#changed();
  }

  deadLetter(token: string, reason: DeadLetterReason, properties: Properties = {}): void {
    const message = this.#held(token);
    if (this.deadLetters === undefined) throw notAllowed('A dead-letter queue has no dead-letter queue.');
    this.#remove(message);
    const content = { ...message.content, properties: { ...message.content.properties, ...properties } };
    this.#toDeadLetters({ ...message, content }, reason);
  }

  /**
   * Takes a message out for good: for people who look after dead letters.
   * @returns undefined where it is gone, or a receiver has it
   */
  take(sequenceNumber: number): Readonly<StoredMessage> | undefined {
    const [message] = this.peek(sequenceNumber, 1);
    if (message?.sequenceNumber !== sequenceNumber || message.lock !== undefined) return undefined;
    this.#remove(message);
    return message;
  }

  /**
   * Puts a dead letter back, as if it had not been delivered yet.
   * @returns whether it was there
   */
  redrive(sequenceNumber: number): boolean {
    const letter = this.deadLetters?.take(sequenceNumber);
    if (letter === undefined) return false;
    const { DeadLetterReason: _, DeadLetterErrorDescription: __, ...properties } = letter.content.properties;
    this.add({ ...letter.content, properties }, letter.enqueuedSequenceNumber);
    return true;
  }

  /** @returns the new end of the lock, in milliseconds since the epoch */
  renew(token: string): number {
    if (this.requiresSession)
      throw notAllowed('Messages of a session have no locks of their own: renew the session.');
    const { lock } = this.#held(token);
    lock.cancel();
    Object.assign(lock, this.#messageLock(token));
    return lock.until;
  }

  /** Looks at messages from a sequence number on, locked ones, too; of one session where given. Nothing changes. */
  peek(from: number, maximum: number, sessionId?: string): readonly Readonly<StoredMessage>[] {
    const messages = sessionId === undefined ? this.#all : this.#sessions.messagesOf(sessionId);
    const found: StoredMessage[] = [];
    for (const message of messages) {
      if (found.length === maximum) break;
      if (message.sequenceNumber >= from) found.push(message);
    }
    return found;
  }

  /** See `Sessions`. */
  get sessions(): Sessions {
    if (this.requiresSession) return this.#sessions;
    throw notAllowed(`The entity '${this.path}' does not have sessions.`);
  }

  #lock(message: StoredMessage, session: SessionLock | undefined): Lock {
    const token = this.#options.uuid();
    // Messages of a session are locked by the session's lock.
    const lock = session ? { token, until: session.until, cancel: () => {} } : this.#messageLock(token);
    message.lock = lock;
    this.#locked.set(token, message);
    this.#note('received', message, message.deliveryCount + 1);
    return lock;
  }

  #messageLock(token: string): Lock {
    const { clock, lockMs } = this.#options;
    const cancel = clock.after(lockMs, () => this.abandon(token));
    return { token, until: clock.now() + lockMs, cancel };
  }

  #held(token: string): StoredMessage & { readonly lock: Lock } {
    const message = this.#locked.get(token);
    if (message?.lock) return message as StoredMessage & { readonly lock: Lock };
    throw this.requiresSession
      ? new ServiceBusError('com.microsoft:session-lock-lost', 'The lock of the session has expired.')
      : new ServiceBusError(
          'com.microsoft:message-lock-lost',
          'The lock supplied is invalid. Either the lock expired, or the message has already been removed from the queue.',
        );
  }

  #unlock(message: StoredMessage, failed: boolean): void {
    this.#endLock(message);
    const { maxDeliveryCount } = this.#options;
    if (failed) message.deliveryCount += 1;
    if (!failed || message.deliveryCount < maxDeliveryCount) {
      this.#note('returned', message, message.deliveryCount);
      return;
    }
    this.#remove(message);
    const description = `Message could not be consumed after ${maxDeliveryCount} delivery attempts.`;
    this.#toDeadLetters(message, { reason: 'MaxDeliveryCountExceeded', description });
  }

  #endLock(message: StoredMessage): void {
    if (message.lock === undefined) return;
    message.lock.cancel();
    this.#locked.delete(message.lock.token);
    message.lock = undefined;
  }

  #remove(message: StoredMessage): void {
    this.#endLock(message);
    this.#all.delete(message);
    if (this.requiresSession) this.#sessions.delete(message.content.sessionId ?? '', message);
  }

  #isExpired({ content, enqueuedAt }: StoredMessage): boolean {
    const { timeToLiveMs: most = Number.POSITIVE_INFINITY, clock } = this.#options;
    // Messages of a dead-letter queue do not expire.
    if (this.deadLetters === undefined) return false;
    return enqueuedAt + Math.min(content.timeToLiveMs ?? most, most) <= clock.now();
  }

  #expire(message: StoredMessage): void {
    this.#remove(message);
    if (!this.#options.deadLetterExpired) return;
    const description = 'The message expired and was dead lettered.';
    this.#toDeadLetters(message, { reason: 'TTLExpiredException', description });
  }

  #toDeadLetters(message: StoredMessage, { reason, description }: DeadLetterReason): void {
    const { content, enqueuedSequenceNumber, deliveryCount } = message;
    const properties = {
      ...content.properties,
      ...(reason !== undefined && { DeadLetterReason: reason }),
      ...(description !== undefined && { DeadLetterErrorDescription: description }),
    };
    this.#note('dead-lettered', message, deliveryCount);
    this.deadLetters?.add({ ...content, properties }, enqueuedSequenceNumber, deliveryCount);
  }

  #note(what: MessageChange['what'], { content }: StoredMessage, deliveries: number): void {
    this.#options.watch?.message(what, this.path, content, deliveries);
  }

  #changed(): void {
    for (const listener of [...this.#listeners]) listener();
  }
}
