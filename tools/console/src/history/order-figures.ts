import type { Rates } from '../api.ts';
import { percentiles } from './invocation-history.ts';
import { Ring } from './ring.ts';

const SECONDS = 60;
const PENDING = 10_000;
const CONFIRMED = 2_000;

/** How many orders are placed, and how long they take to be confirmed. */
export class OrderFigures {
  readonly #placedAt = new Ring<number>(PENDING);
  readonly #confirmed = new Ring<{ readonly at: number; readonly took: number }>(CONFIRMED);
  /** By second since the epoch. */
  readonly #perSecond = new Ring<{ placed: number; events: number; waiting: number }>(2 * SECONDS);

  /** @param type the name of an event that was published for the first time */
  published(type: string, subject: string, at: number): void {
    this.#second(at).events += 1;
    if (type === 'OrderPlaced') {
      this.#second(at).placed += 1;
      this.#placedAt.set(subject, at);
    }
    if (type !== 'OrderConfirmed') return;
    const placedAt = this.#placedAt.get(subject);
    if (placedAt === undefined) return;
    this.#placedAt.delete(subject);
    this.#confirmed.set(subject, { at, took: at - placedAt });
  }

  /** @param waiting messages that wait in subscriptions at this time */
  rates(now: number, waiting: number): Rates {
    this.#second(now).waiting = waiting;
    const last = Math.floor(now / 1000);
    const seconds = Array.from({ length: SECONDS }, (_, index) =>
      this.#perSecond.get(String(last - SECONDS + 1 + index)),
    );
    const took = [...this.#confirmed.values()]
      .filter(({ at }) => at > now - SECONDS * 1000)
      .map((each) => each.took);
    return {
      placedPerSecond: seconds.map((second) => second?.placed ?? 0),
      waiting: seconds.map((second) => second?.waiting ?? 0),
      ordersLastMinute: seconds.reduce((sum, second) => sum + (second?.placed ?? 0), 0),
      eventsLastMinute: seconds.reduce((sum, second) => sum + (second?.events ?? 0), 0),
      ...(took.length > 0 && { confirmed: percentiles(took) }),
    };
  }

  #second(at: number): { placed: number; events: number; waiting: number } {
    const key = String(Math.floor(at / 1000));
    const known = this.#perSecond.get(key);
    if (known !== undefined) return known;
    const second = { placed: 0, events: 0, waiting: 0 };
    this.#perSecond.set(key, second);
    return second;
  }
}
