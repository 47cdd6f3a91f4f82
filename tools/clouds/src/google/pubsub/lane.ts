import type { Message } from './message.ts';

/** A message of a subscription that is not done. */
export interface Entry {
  readonly message: Message;
  readonly lane: Lane;
  /** `acked`: acknowledged, but one before it in its lane is not. */
  state: 'waiting' | 'out' | 'acked' | 'gone';
  /** How often it was refused, or its deadline passed. */
  failures: number;
  /** Of its delivery, while it is out. */
  lease: { readonly ackId: string; cancel(): void } | undefined;
}

/**
 * Messages that are delivered in order: those of one ordering key, or a single one without a key. What follows in a lane
 * is handed out once everything that was handed out before is settled.
 */
export class Lane {
  readonly key: string;
  entries: Entry[] = [];
  /** How many are out. */
  out = 0;
  /** Milliseconds since the epoch, from when on it may be delivered again. */
  notBefore = 0;
  /** Ends the wait for that time. */
  cancelWait: (() => void) | undefined;

  constructor(key: string) {
    this.key = key;
  }

  add(message: Message): Entry {
    const entry: Entry = { message, lane: this, state: 'waiting', failures: 0, lease: undefined };
    this.entries.push(entry);
    return entry;
  }

  get isReady(): boolean {
    return this.out === 0 && this.entries.length > 0;
  }

  /** What can be handed out, in order, while nothing is out. */
  waiting(): readonly Entry[] {
    return this.entries.filter(({ state }) => state === 'waiting');
  }

  /** Takes an entry out of the lane for good, as soon as none before it may come again. */
  settle(entry: Entry, as: 'acked' | 'gone'): void {
    this.#release(entry);
    entry.state = as;
    while (this.entries[0] && this.entries[0].state !== 'waiting' && this.entries[0].state !== 'out')
      this.entries.shift();
  }

  /**
   * An entry comes again, and with it each that follows, acknowledged or not.
   * Source: https://cloud.google.com/pubsub/docs/ordering#considerations_when_using_ordered_messaging
   */
  repeatFrom(entry: Entry): void {
    for (const one of this.entries.slice(this.entries.indexOf(entry))) {
      this.#release(one);
      if (one.state !== 'gone') one.state = 'waiting';
    }
  }

  /** Ends the lease of an entry that is out. */
  #release(entry: Entry): void {
    if (entry.state !== 'out') return;
    this.out -= 1;
    entry.lease?.cancel();
    entry.lease = undefined;
  }
}
