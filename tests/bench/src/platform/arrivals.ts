import { NotificationSent, OrderConfirmed, OrderPlaced, StockReserved } from '@orderly/contracts';
import { type LegName, legNames } from './figures.ts';

/** An event about an order, as a subscriber gets it. */
export interface Arrival {
  /** When the event was made, in milliseconds since the epoch. */
  readonly madeAt: number;
  /** When the subscriber had it. */
  readonly at: number;
}

/** An order that the platform has accepted. */
export interface Placed {
  readonly orderId: string;
  /** When its request was sent, in milliseconds since the epoch. */
  readonly sentAt: number;
  readonly acceptedMs: number;
}

/** The events of an order's way, in their order; two legs lead to each. */
const way = [OrderPlaced, StockReserved, OrderConfirmed, NotificationSent].map(({ type }) => type);

/** Which event of which order has come, and when; of one that comes again the first counts. */
export class Arrivals {
  readonly #byType = new Map<string, Map<string, Arrival>>();

  take({ type, time, body }: { readonly type: string; readonly time: string; readonly body: string }): void {
    const { data } = JSON.parse(body) as { readonly data: { readonly orderId?: string } };
    if (data.orderId === undefined) return;
    const ofType = this.#byType.get(type) ?? new Map<string, Arrival>();
    this.#byType.set(type, ofType);
    if (!ofType.has(data.orderId)) ofType.set(data.orderId, { madeAt: Date.parse(time), at: Date.now() });
  }

  find(type: string, orderId: string): Arrival | undefined {
    return this.#byType.get(type)?.get(orderId);
  }

  isConfirmed = (orderId: string): boolean => this.find(OrderConfirmed.type, orderId) !== undefined;

  isNotified = (orderId: string): boolean => this.find(NotificationSent.type, orderId) !== undefined;

  /** Milliseconds from sending the order's request. @throws Error when the event has not come */
  confirmedMs = (order: Placed): number => this.#expect(OrderConfirmed.type, order).at - order.sentAt;

  /** Milliseconds from sending the order's request. @throws Error when the event has not come */
  notifiedMs = (order: Placed): number => this.#expect(NotificationSent.type, order).at - order.sentAt;

  /** How long each leg of the order's way took. @throws Error when an event of it has not come */
  legsOf(order: Placed): Readonly<Record<LegName, number>> {
    const instants = way.flatMap((type) => {
      const { madeAt, at } = this.#expect(type, order);
      return [madeAt, at];
    });
    const starts = [order.sentAt, ...instants];
    const legs = legNames.map((name, place) => [name, (instants[place] ?? 0) - (starts[place] ?? 0)]);
    return Object.fromEntries(legs) as Record<LegName, number>;
  }

  #expect(type: string, { orderId }: Placed): Arrival {
    const arrival = this.find(type, orderId);
    if (arrival === undefined) throw new Error(`${type} of order ${orderId} has not come`);
    return arrival;
  }
}
