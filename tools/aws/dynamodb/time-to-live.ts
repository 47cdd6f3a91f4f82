import type { Clock } from '../clock.ts';
import { type AttributeMap, getAttribute } from './attribute-value.ts';
import { OLDEST_EXPIRY_MS } from './limits.ts';
import { type Position, SortedList } from './sorted-list.ts';

/** Timers hold no longer waits; what is due later is looked at again. */
const LONGEST_WAIT_MS = 86_400_000;

interface Expiry extends Position {
  readonly due: number;
}

/** Which items of a table expire when, and the timer for the first of them. */
export class ExpiryQueue {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #expire: (id: string) => void;
  readonly #byId = new Map<string, Expiry>();
  #queue = new SortedList<Expiry>();
  #attribute: string | undefined;
  #timer: { readonly due: number; readonly cancel: () => void } | undefined;

  constructor(
    options: { readonly clock: Clock; readonly timeToLiveDelayMs: number },
    expire: (id: string) => void,
  ) {
    this.#clock = options.clock;
    this.#delayMs = options.timeToLiveDelayMs;
    this.#expire = expire;
  }

  get attribute(): string | undefined {
    return this.#attribute;
  }

  /** Starts anew: the queue is empty afterwards. */
  set attribute(name: string | undefined) {
    this.#attribute = name;
    this.#byId.clear();
    this.#queue = new SortedList();
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Takes note of an item as it is now; undefined when it is gone. */
  write(id: string, item: AttributeMap | undefined): void {
    if (this.#attribute === undefined) return;
    const known = this.#byId.get(id);
    const due = item && this.#dueOf(item);
    if (known?.due === due) return;
    if (known) this.#queue.remove(known);
    this.#byId.delete(id);
    if (due === undefined) return;
    const expiry = { sort: String(due).padStart(16, '0'), id, due };
    this.#byId.set(id, expiry);
    this.#queue.add(expiry);
    this.#setTimer();
  }

  #dueOf(item: AttributeMap): number | undefined {
    const value = this.#attribute === undefined ? undefined : getAttribute(item, this.#attribute);
    if (!value || !('N' in value)) return undefined;
    const expiresAt = Math.floor(Number(value.N) * 1000);
    const now = this.#clock.now();
    if (expiresAt < now - OLDEST_EXPIRY_MS || !Number.isSafeInteger(expiresAt)) return undefined;
    return Math.max(expiresAt, now) + this.#delayMs;
  }

  #setTimer(): void {
    const due = this.#queue.first?.due;
    if (due === undefined || (this.#timer && this.#timer.due <= due)) return;
    this.#timer?.cancel();
    const wait = Math.min(Math.max(0, due - this.#clock.now()), LONGEST_WAIT_MS);
    this.#timer = { due, cancel: this.#clock.after(wait, () => this.#sweep()) };
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = this.#clock.now();
    for (let next = this.#queue.first; next && next.due <= now; next = this.#queue.first) {
      this.#queue.remove(next);
      this.#byId.delete(next.id);
      this.#expire(next.id);
    }
    this.#setTimer();
  }
}
