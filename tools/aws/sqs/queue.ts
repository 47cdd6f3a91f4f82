import type { Clock } from '../clock.ts';
import { AwsError } from '../protocol/error.ts';
import { type Accepted, Deduplication } from './deduplication.ts';
import type { DeliveryOrder } from './delivery-order.ts';
import { FifoOrder } from './fifo-queue.ts';
import { checkVisibilityChange, checkVisibilityTotal, expiredHandle, receiptState } from './in-flight.ts';
import { IN_FLIGHT_MESSAGES } from './limits.ts';
import { LongPoll } from './long-poll.ts';
import type { Message, MessageContent } from './message.ts';
import type { MessageChange, Observation } from './observation.ts';
import { PriorityQueue } from './priority-queue.ts';
import type { QueueSettings } from './queue-attributes.ts';
import { readReceiptHandle, writeReceiptHandle } from './receipt-handle.ts';
import { ReceiveAttempts } from './receive-attempts.ts';
import type { Received } from './received.ts';
import { StandardOrder } from './standard-queue.ts';

export interface Counts {
  readonly visible: number;
  readonly delayed: number;
  readonly inFlight: number;
}

export interface QueueOptions {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly clock: Clock;
  /** Finds the queue that takes what this one dead-letters. */
  readonly findQueue: (arn: string) => Queue | undefined;
  /** Whether a message is delivered twice (standard queues). */
  readonly isDeliveredTwice: () => boolean;
  readonly observation: Observation;
}

/** Not consecutive, as on AWS, and always 20 digits. */
const FIRST_SEQUENCE_NUMBER = 18_850_000_000_000_000_000n;
const SEQUENCE_STEP = 256n;
const NEVER = Number.POSITIVE_INFINITY;

/** One queue, with its messages and their states. Every operation takes O(log n). */
export class Queue {
  readonly id: string;
  readonly name: string;
  readonly arn: string;
  readonly fifo: boolean;
  readonly createdAt: number;
  readonly tags = new Map<string, string>();
  readonly deduplication = new Deduplication();
  readonly attempts = new ReceiveAttempts();
  changedAt: number;
  purgedAt: number | undefined;
  readonly #clock: Clock;
  readonly #waiting: LongPoll<readonly Received[]>;
  readonly #options: QueueOptions;
  readonly #order: DeliveryOrder;
  readonly #messages = new Map<string, Message>();
  /** Delayed and in flight, by the time when they become visible. */
  readonly #due = new PriorityQueue<Message>((a, b) =>
    a.dueAt === b.dueAt ? a.position < b.position : a.dueAt < b.dueAt,
  );
  readonly #byAge = new PriorityQueue<Message>((a, b) => a.sentAt < b.sentAt);
  #settings: QueueSettings;
  #arrivals = 0;
  #delayed = 0;
  #inFlight = 0;
  #cancelAlarm: () => void = () => {};
  #alarmAt = NEVER;

  constructor(options: QueueOptions, settings: QueueSettings) {
    this.id = options.id;
    this.name = options.name;
    this.arn = options.arn;
    this.fifo = options.fifo;
    this.#options = options;
    this.#clock = options.clock;
    this.#settings = settings;
    this.#order = options.fifo ? new FifoOrder() : new StandardOrder();
    this.createdAt = options.clock.now();
    this.changedAt = this.createdAt;
    this.#waiting = new LongPoll(options.clock);
  }

  get settings(): QueueSettings {
    return this.#settings;
  }

  /** When its oldest message was sent, in milliseconds since the epoch. */
  get oldestSentAt(): number | undefined {
    this.#advance();
    return this.#byAge.first()?.sentAt;
  }

  counts(): Counts {
    this.#advance();
    const visible = this.#messages.size - this.#delayed - this.#inFlight;
    return { visible, delayed: this.#delayed, inFlight: this.#inFlight };
  }

  /** Every message, oldest first; nothing changes. */
  messages(): Iterable<Message> {
    this.#advance();
    return this.#messages.values();
  }

  changeSettings(settings: QueueSettings): void {
    const { delayMs } = this.#settings;
    this.#settings = settings;
    this.changedAt = this.#clock.now();
    if (this.fifo && delayMs !== settings.delayMs) this.#changeDelay(settings.delayMs);
    this.wake();
  }

  /**
   * Adds a message.
   * @param delayMs instead of the queue's delay
   * @param sentAt when the message was sent first: dead-lettering does not change it in standard queues
   */
  add(
    content: MessageContent,
    { delayMs = this.#settings.delayMs, sentAt = this.#clock.now(), receiveCount = 0 } = {},
  ): Accepted {
    this.#arrivals += 1;
    const sequenceNumber = this.fifo
      ? String(FIRST_SEQUENCE_NUMBER + BigInt(this.#arrivals) * SEQUENCE_STEP)
      : undefined;
    const message: Message = {
      content,
      position: this.#arrivals,
      sequenceNumber,
      sentAt,
      state: delayMs > 0 ? 'delayed' : 'visible',
      dueAt: this.#clock.now() + delayMs,
      receiveCount,
      receivedHere: 0,
      firstReceivedAt: undefined,
      lastReceivedAt: 0,
      receipt: 0,
      previous: undefined,
      next: undefined,
    };
    this.#messages.set(content.id, message);
    this.#byAge.set(message);
    if (message.state === 'delayed') {
      this.#delayed += 1;
      this.#due.set(message);
    }
    this.#order.arrived(message);
    this.#note('sent', message);
    return { messageId: content.id, sequenceNumber };
  }

  /**
   * Hands out visible messages. Those that were received too often go to the dead-letter queue instead.
   * @throws AwsError OverLimit when a standard queue has 120,000 messages in flight
   */
  receive(maximum: number, visibilitySeconds: number): readonly Received[] {
    this.#advance();
    const room = IN_FLIGHT_MESSAGES - this.#inFlight;
    if (room <= 0) return this.#refuseInFlight();
    const received: Received[] = [];
    const again: Message[] = [];
    this.#order.take(Math.min(maximum, room), (message) => {
      if (this.#deadLetter(message)) return 'moved away';
      received.push(this.#handOut(message, visibilitySeconds));
      if (!this.fifo && this.#options.isDeliveredTwice()) again.push(message);
      return 'handed out';
    });
    for (const message of again) this.#show(message);
    this.#changed();
    return received;
  }

  /**
   * Receives, and waits for a message when there is none.
   * @param signal its abort ends the wait, and then nothing is received
   */
  receiveLater(
    attempt: () => readonly Received[],
    waitMs: number,
    signal: AbortSignal,
  ): Promise<readonly Received[]> {
    const tryAgain = (): readonly Received[] | undefined => {
      const received = attempt();
      return received.length > 0 ? received : undefined;
    };
    const received = this.#waiting.wait(waitMs, signal, tryAgain, []);
    this.#changed();
    return received;
  }

  /**
   * Deletes a message.
   * @throws AwsError when the queue has not written the handle, or, in a FIFO queue, when it has expired
   */
  delete(handle: string): void {
    this.#advance();
    const { messageId, number } = readReceiptHandle(this.id, handle);
    const message = this.#messages.get(messageId);
    const state = receiptState(message, number);
    if (this.fifo && (state === 'old' || state === 'expired')) throw expiredHandle(handle);
    // An old handle of a standard queue is accepted, and the message stays: its newer receive is not over.
    if (!message || state === 'old') return;
    this.#remove(message);
    this.#note('deleted', message);
  }

  changeVisibility(handle: string, seconds: number): void {
    this.#advance();
    const { messageId, number } = readReceiptHandle(this.id, handle);
    const message = this.#messages.get(messageId);
    checkVisibilityChange(receiptState(message, number), handle, this.fifo);
    if (!message) return;
    const now = this.#clock.now();
    checkVisibilityTotal(message, seconds, now);
    if (seconds === 0) this.#show(message);
    else {
      message.dueAt = now + seconds * 1_000;
      this.#due.set(message);
    }
  }

  /** Undoes receives whose answer did not reach the caller, as if they had never been. */
  giveBack(received: readonly Received[]): void {
    this.#advance();
    for (const { content, receipt } of [...received].reverse()) {
      const message = this.#messages.get(content.id);
      if (!message || receiptState(message, receipt) !== 'current') continue;
      message.receiveCount -= 1;
      message.receivedHere -= 1;
      if (message.receivedHere === 0) message.firstReceivedAt = undefined;
      this.#endFlight(message);
      this.#order.wasGivenBack(message);
    }
    this.wake();
  }

  /** Whether all of them are still in flight with the same handles. */
  areInFlight(received: readonly Received[]): boolean {
    this.#advance();
    return received.every(
      ({ content, receipt }) => receiptState(this.#messages.get(content.id), receipt) === 'current',
    );
  }

  /** Takes up to `maximum` visible messages out for good: they move to another queue. */
  moveOut(maximum: number): readonly Message[] {
    this.#advance();
    const moved: Message[] = [];
    this.#order.take(maximum, (message) => {
      this.#remove(message);
      moved.push(message);
      return 'handed out';
    });
    return moved;
  }

  purge(): void {
    this.purgedAt = this.#clock.now();
    for (const message of [...this.#messages.values()]) this.#remove(message);
  }

  /** To be called after changes: serves receives that wait. */
  wake(): void {
    if (this.#waiting.size > 0) this.#waiting.wake();
    this.#changed();
  }

  /** Nothing happens in the queue any more. */
  close(): void {
    this.#cancelAlarm();
  }

  #note(what: MessageChange['what'], message: Message): void {
    this.#options.observation.note(what, this.name, message);
  }

  #refuseInFlight(): readonly Received[] {
    // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html
    if (this.fifo) return [];
    throw new AwsError('OverLimit', 'Too many messages in flight: 120,000 is the maximum of a queue.', {
      status: 403,
    });
  }

  #handOut(message: Message, visibilitySeconds: number): Received {
    const now = this.#clock.now();
    message.state = 'in flight';
    message.dueAt = now + visibilitySeconds * 1_000;
    message.receiveCount += 1;
    message.receivedHere += 1;
    message.receipt += 1;
    message.firstReceivedAt ??= now;
    message.lastReceivedAt = now;
    this.#inFlight += 1;
    this.#due.set(message);
    this.#order.wentInFlight(message);
    this.#note('received', message);
    const { content, receipt, sentAt, sequenceNumber, receiveCount, firstReceivedAt } = message;
    const handle = writeReceiptHandle(this.id, { messageId: content.id, number: receipt });
    return { content, handle, receipt, sentAt, sequenceNumber, receiveCount, firstReceivedAt };
  }

  #deadLetter(message: Message): boolean {
    const { redrive } = this.#settings;
    if (!redrive || message.receivedHere < redrive.maxReceiveCount) return false;
    const target = this.#options.findQueue(redrive.deadLetterTargetArn);
    if (!target) return false;
    this.#remove(message);
    const content = { ...message.content, deadLetterSourceArn: this.arn };
    const { receiveCount, sentAt } = message;
    target.add(content, { delayMs: 0, receiveCount, ...(target.fifo ? {} : { sentAt }) });
    target.wake();
    this.#note('dead-lettered', message);
    return true;
  }

  #remove(message: Message): void {
    this.#messages.delete(message.content.id);
    this.#due.delete(message);
    this.#byAge.delete(message);
    if (message.state === 'delayed') this.#delayed -= 1;
    if (message.state === 'in flight') this.#inFlight -= 1;
    this.#order.left(message);
  }

  #endFlight(message: Message): void {
    message.state = 'visible';
    this.#inFlight -= 1;
    this.#due.delete(message);
    this.#note('returned', message);
  }

  #show(message: Message): void {
    this.#endFlight(message);
    this.#order.becameVisible(message);
  }

  #endDelay(message: Message): void {
    message.state = 'visible';
    this.#delayed -= 1;
    this.#due.delete(message);
    this.#order.delayEnded(message);
  }

  #changeDelay(delayMs: number): void {
    // Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-delay-queues.html
    for (const message of this.#messages.values()) {
      if (message.state !== 'delayed') continue;
      message.dueAt = message.sentAt + delayMs;
      this.#due.set(message);
    }
  }

  /** Does what time has brought since the last operation. */
  #advance(): void {
    const now = this.#clock.now();
    for (;;) {
      const oldest = this.#byAge.first();
      if (!oldest || oldest.sentAt + this.#settings.retentionMs > now) break;
      this.#remove(oldest);
    }
    for (;;) {
      const next = this.#due.first();
      if (!next || next.dueAt > now) break;
      if (next.state === 'delayed') this.#endDelay(next);
      else this.#show(next);
    }
  }

  /** Without a waiting receive there is no timer; with one, a timer ends when the next message is due. */
  #changed(): void {
    const dueAt = this.#waiting.size > 0 ? (this.#due.first()?.dueAt ?? NEVER) : NEVER;
    if (dueAt === this.#alarmAt) return;
    this.#cancelAlarm();
    this.#alarmAt = dueAt;
    if (dueAt === NEVER) return;
    this.#cancelAlarm = this.#clock.after(Math.max(0, dueAt - this.#clock.now()), () => {
      this.#alarmAt = NEVER;
      this.wake();
    });
  }
}
