import type { Clock } from '@orderly/aws/clock';
import type { MessageChange } from '@orderly/aws/sqs/observation';
import { type Entry, Lane } from './lane.ts';
import { PUSH_BACKOFF_MS } from './limits.ts';
import { type Delivery, type Message, sizeOf } from './message.ts';
import { invalidArgument } from './status.ts';
import type { SubscriptionSettings } from './subscription-settings.ts';

/** What fits into a delivery. */
export interface Room {
  readonly messages: number;
  readonly bytes?: number;
  /** Of one ordering key; unlimited unless given. */
  readonly perKey?: number;
  /** How long the receiver has to acknowledge; the subscription's deadline unless given. */
  readonly deadlineSeconds?: number;
}

export interface SubscriptionOptions {
  readonly clock: Clock;
  /** Publishes to the dead-letter topic. @returns whether there is such a topic */
  readonly deadLetter: (subscription: Subscription, message: Message, attempts: number) => boolean;
  /** Gets what has happened to a message. */
  readonly note: (what: MessageChange['what'], message: Message, deliveries: number) => void;
}

const ACK_ID = /^[0-9a-z]+-[0-9a-z]+$/;

/**
 * The messages that a subscription has not seen acknowledged, and who has which of them.
 * Source: https://cloud.google.com/pubsub/docs/subscription-overview
 */
export class Subscription {
  settings: SubscriptionSettings;
  readonly #options: SubscriptionOptions;
  readonly #lanes = new Map<string, Lane>();
  /** In the order in which they became ready. */
  readonly #ready = new Set<Lane>();
  readonly #leases = new Map<string, Entry>();
  readonly #receivers = new Set<() => void>();
  #deliveries = 0;
  #waking = false;
  #size = 0;

  constructor(settings: SubscriptionSettings, options: SubscriptionOptions) {
    this.settings = settings;
    this.#options = options;
  }

  /** How many messages are not acknowledged, and how many of them are with receivers. */
  get counts(): { readonly unacknowledged: number; readonly outstanding: number } {
    return { unacknowledged: this.#size, outstanding: this.#leases.size };
  }

  /** Whether a receiver still has the message that it got with this id. */
  isOut(ackId: string): boolean {
    return this.#leases.has(ackId);
  }

  /** What is not acknowledged, without delivering it. */
  messages(): readonly Message[] {
    return this.entries().map(({ message }) => message);
  }

  /** The same, with whether it is with a receiver and how often it has failed. */
  entries(): readonly Readonly<Entry>[] {
    const entries = [...this.#lanes.values()].flatMap((lane) => lane.entries);
    return entries.filter(({ state }) => state === 'waiting' || state === 'out');
  }

  /**
   * Takes a message out for good: for people who look after dead letters.
   * @returns undefined where it is gone, or a receiver has it
   */
  remove(messageId: string): Message | undefined {
    const entries = [...this.#lanes.values()].flatMap((lane) => lane.entries);
    const entry = entries.find(({ message, state }) => message.id === messageId && state === 'waiting');
    if (entry) this.#settle(entry, 'gone');
    return entry?.message;
  }

  accept(message: Message): void {
    if (!this.settings.wants(message.attributes)) return;
    const key =
      this.settings.ordered && message.orderingKey !== '' ? `key ${message.orderingKey}` : message.id;
    const lane = this.#lanes.get(key) ?? new Lane(key);
    this.#lanes.set(key, lane);
    lane.add(message);
    this.#size += 1;
    this.#options.note('sent', message, 0);
    this.#revive(lane);
  }

  /** Hands out what is ready, the lane that has waited longest first. */
  take({ messages, bytes = Infinity, perKey, deadlineSeconds }: Room): readonly Delivery[] {
    const taken: Delivery[] = [];
    let left = bytes;
    for (const lane of this.#ready) {
      this.#expire(lane);
      for (const entry of lane.waiting().slice(0, perKey)) {
        const size = sizeOf(entry.message);
        if (taken.length >= messages || (taken.length > 0 && size > left)) return taken;
        left -= size;
        this.#ready.delete(lane);
        taken.push(this.#hand(entry, deadlineSeconds ?? this.settings.ackDeadlineSeconds));
      }
      if (!lane.isReady) this.#ready.delete(lane);
    }
    return taken;
  }

  /** Acknowledges. What is not out any more is ignored: it comes again. */
  acknowledge(ackIds: readonly string[]): void {
    for (const ackId of ackIds) {
      const entry = this.#find(ackId);
      if (!entry) continue;
      this.#settle(entry, 'acked');
      this.#options.note('deleted', entry.message, entry.failures + 1);
    }
  }

  /** Gives receivers so long from now on; 0 refuses the messages. */
  modifyAckDeadline(ackIds: readonly string[], seconds: number): void {
    for (const ackId of ackIds) {
      const entry = this.#find(ackId);
      if (!entry) continue;
      if (seconds === 0) this.#refused(entry);
      else this.#lease(entry, ackId, seconds);
    }
  }

  /** Calls back when there may be something to take, once at once. @returns ends it */
  onReady(receiver: () => void): () => void {
    this.#receivers.add(receiver);
    this.wake();
    return () => void this.#receivers.delete(receiver);
  }

  /** Lets every receiver look. The one that was first last time is last this time. */
  wake(): void {
    if (this.#waking) return;
    this.#waking = true;
    queueMicrotask(() => {
      this.#waking = false;
      const receivers = [...this.#receivers];
      for (const receiver of receivers) if (this.#receivers.has(receiver)) receiver();
      const [first] = receivers;
      if (first && receivers.length > 1 && this.#receivers.delete(first)) this.#receivers.add(first);
    });
  }

  /** Forgets everything; no timer is left. */
  close(): void {
    for (const entry of this.#leases.values()) entry.lease?.cancel();
    for (const lane of this.#lanes.values()) {
      lane.cancelWait?.();
      lane.entries = [];
    }
    for (const map of [this.#lanes, this.#ready, this.#leases, this.#receivers]) map.clear();
    this.#size = 0;
  }

  #hand(entry: Entry, seconds: number): Delivery {
    this.#deliveries += 1;
    const ackId = `${Number(entry.message.id).toString(36)}-${this.#deliveries.toString(36)}`;
    entry.state = 'out';
    entry.lane.out += 1;
    this.#leases.set(ackId, entry);
    this.#lease(entry, ackId, seconds);
    this.#options.note('received', entry.message, entry.failures + 1);
    return { ackId, message: entry.message, attempt: this.settings.deadLetter ? entry.failures + 1 : 0 };
  }

  #lease(entry: Entry, ackId: string, seconds: number): void {
    entry.lease?.cancel();
    const stop = this.#options.clock.after(seconds * 1_000, () => this.#refused(entry));
    const cancel = (): void => {
      stop();
      this.#leases.delete(ackId);
    };
    entry.lease = { ackId, cancel };
    this.#leases.set(ackId, entry);
  }

  #find(ackId: string): Entry | undefined {
    if (!ACK_ID.test(ackId))
      throw invalidArgument(`You have passed an invalid ack ID to the service (${ackId}).`);
    return this.#leases.get(ackId);
  }

  /** A receiver refused a message, or its deadline passed. */
  #refused(entry: Entry): void {
    const { lane, message } = entry;
    entry.failures += 1;
    const { deadLetter } = this.settings;
    const isLast = deadLetter && entry.failures >= deadLetter.maxAttempts;
    if (isLast && this.#options.deadLetter(this, message, entry.failures)) {
      this.#settle(entry, 'gone');
      this.#options.note('dead-lettered', message, entry.failures);
      return;
    }
    this.#options.note('returned', message, entry.failures);
    lane.repeatFrom(entry);
    lane.notBefore = this.#options.clock.now() + this.#backoffMs(entry.failures);
    this.#revive(lane);
  }

  /** Source: https://cloud.google.com/pubsub/docs/subscription-retry-policy */
  #backoffMs(failures: number): number {
    const { retry, push } = this.settings;
    const { minimum, maximum } = retry
      ? { minimum: retry.minimumSeconds * 1_000, maximum: retry.maximumSeconds * 1_000 }
      : push
        ? PUSH_BACKOFF_MS
        : { minimum: 0, maximum: 0 };
    return Math.min(maximum, minimum * 2 ** (failures - 1));
  }

  #settle(entry: Entry, as: 'acked' | 'gone'): void {
    const before = entry.lane.entries.length;
    entry.lane.settle(entry, as);
    this.#size -= before - entry.lane.entries.length;
    this.#revive(entry.lane);
    // A receiver that had enough has room again.
    this.wake();
  }

  /** Drops what is older than the subscription keeps it, of a lane of which nothing is out. */
  #expire(lane: Lane): void {
    const oldest = this.#options.clock.now() - this.settings.retentionSeconds * 1_000;
    const kept = lane.entries.filter(({ message }) => message.publishedAt >= oldest);
    this.#size -= lane.entries.length - kept.length;
    lane.entries = kept;
    if (kept.length === 0) this.#lanes.delete(lane.key);
  }

  /** Makes a lane ready, at once or when its backoff is over, or forgets it when it is empty. */
  #revive(lane: Lane): void {
    if (lane.entries.length === 0) this.#lanes.delete(lane.key);
    if (!lane.isReady || lane.cancelWait) return;
    const waitMs = lane.notBefore - this.#options.clock.now();
    if (waitMs > 0) {
      lane.cancelWait = this.#options.clock.after(waitMs, () => {
        lane.cancelWait = undefined;
        this.#revive(lane);
      });
      return;
    }
    this.#ready.add(lane);
    this.wake();
  }
}
