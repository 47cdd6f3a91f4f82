import { setTimeout as pause } from 'node:timers/promises';
import { QueueDoesNotExist } from '@aws-sdk/client-sqs';
import { type Queues, takeMessages, topics } from './queues.ts';

/** An event as a subscriber gets it. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly sequence: number;
  readonly time: string;
  /** As it came. */
  readonly body: string;
}

/** The first arrival of each event, in the order of arrival. */
export function withoutDuplicates(events: readonly ReceivedEvent[]): readonly ReceivedEvent[] {
  const seen = new Map<string, ReceivedEvent>();
  for (const event of events) if (!seen.has(event.id)) seen.set(event.id, event);
  return [...seen.values()];
}

/** What a subscription has received. */
export class ReceivedEvents {
  /** In the order of arrival, duplicates too. */
  readonly events: ReceivedEvent[] = [];
  /** The beginnings of messages that are no event; empty unless the platform broke its contract. */
  readonly garbage: string[] = [];
  /** The orders of which an event says that they are confirmed, rejected or cancelled. */
  readonly decided = new Set<string>();
  readonly #waiting = new Map<string, (() => void)[]>();
  readonly #onEvent: (event: ReceivedEvent) => void;

  constructor(onEvent: (event: ReceivedEvent) => void = () => undefined) {
    this.#onEvent = onEvent;
  }

  take(body: string): void {
    const event = readEvent(body);
    if (event === undefined) return void this.garbage.push(body.slice(0, 200));
    this.events.push(event);
    if (/^orderly\.order\.(confirmed|rejected|cancelled)\./.test(event.type)) this.#decide(event.subject);
    this.#onEvent(event);
  }

  /** Resolves when an event has said that an order is confirmed, rejected or cancelled. */
  async decision(orderId: string): Promise<void> {
    if (this.decided.has(orderId)) return;
    await new Promise<void>((resolve) => {
      this.#waiting.set(orderId, [...(this.#waiting.get(orderId) ?? []), resolve]);
    });
  }

  #decide(orderId: string): void {
    this.decided.add(orderId);
    for (const resolve of this.#waiting.get(orderId) ?? []) resolve();
    this.#waiting.delete(orderId);
  }
}

/** Knows nothing of the platform's own checks. */
function readEvent(body: string): ReceivedEvent | undefined {
  try {
    const { id, type, source, subject, sequence, time } = JSON.parse(body) as ReceivedEvent;
    const isEvent = [id, type, subject].every((each) => typeof each === 'string');
    return isEvent ? { id, type, source, subject, sequence, time, body } : undefined;
  } catch {
    return undefined;
  }
}

export interface SubscriptionOptions {
  /** The end of the queue's name: `loyalty.fifo`, or `loyalty` for a standard queue. */
  readonly subscriber: string;
  /** All topics by default. */
  readonly topics?: readonly string[];
  /** The names of the events that it wants; all by default. */
  readonly events?: readonly string[];
  readonly onEvent?: (event: ReceivedEvent) => void;
}

/** Queues of our own, as another team's service has them, and what has arrived in them. */
export class Subscription extends ReceivedEvents {
  readonly #queues: Queues;
  readonly #stop = new AbortController();
  readonly #urls: string[] = [];
  readonly #loops: Promise<void>[] = [];

  private constructor(queues: Queues, onEvent?: (event: ReceivedEvent) => void) {
    super(onEvent);
    this.#queues = queues;
  }

  /** Subscribes. A publisher looks for new subscriptions every second locally, every minute on AWS. */
  static async open(queues: Queues, options: SubscriptionOptions): Promise<Subscription> {
    const subscription = new Subscription(queues, options.onEvent);
    try {
      for (const topic of options.topics ?? topics) {
        const url = await queues.create(`${topic}--${options.subscriber}`, options.events);
        subscription.#urls.push(url);
        subscription.#loops.push(subscription.#receive(url));
      }
    } catch (error) {
      await subscription.remove();
      throw error;
    }
    return subscription;
  }

  /** Receives nothing more. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await Promise.all(this.#loops);
  }

  /** Stops, and deletes the queues, so that no event is sent to them any more. */
  async remove(): Promise<void> {
    await this.stop();
    await Promise.allSettled(this.#urls.splice(0).map((url) => this.#queues.delete(url)));
  }

  async #receive(url: string): Promise<void> {
    const { signal } = this.#stop;
    while (!signal.aborted) {
      try {
        const messages = await takeMessages(this.#queues.sqs, url, { waitSeconds: 5, signal });
        for (const { Body = '' } of messages) this.take(Body);
      } catch (error) {
        if (error instanceof QueueDoesNotExist) return;
        // The queue service may be restarting; what it still holds is delivered again.
        if (!signal.aborted) await pause(250);
      }
    }
  }
}
