import type { OrderId, Sku, SkuQuantity } from '@orderly/contracts';
import {
  type Change,
  isSettled,
  type Outcome,
  type Reservation,
  reject,
  release,
  reserve,
  ship,
} from '../src/domain/reservation.ts';
import { adjusting, move, type Stock } from '../src/domain/stock.ts';

/** The inventory in memory, made of nothing but the domain: what its table must be equal to. */
export class Warehouse {
  readonly stock = new Map<Sku, Stock>();
  readonly reservations = new Map<OrderId, Reservation>();
  readonly events: string[] = [];
  /** So many steps are done before the function is killed. */
  stepsLeft = Number.POSITIVE_INFINITY;

  constructor(skus: readonly Sku[]) {
    for (const sku of skus) this.stock.set(sku, { onHand: 0, reserved: 0, available: 0 });
  }

  adjust(sku: Sku, quantity: number): void {
    const moved = move(this.levels(sku), adjusting(quantity));
    if (moved !== undefined) this.stock.set(sku, moved);
  }

  /** What `consume-order-events` does with OrderPlaced. */
  placed(orderId: OrderId, lines: readonly SkuQuantity[], at: Date): void {
    const short = this.apply(orderId, (current) => reserve(current, orderId, lines, at));
    if (short.length === 0) return;
    const shortages = short.map(({ sku, quantity }) => {
      const { available } = this.levels(sku);
      return { sku, requested: quantity, available };
    });
    this.apply(orderId, (current) => reject(current, orderId, lines, shortages, at));
  }

  cancelled(orderId: OrderId, at: Date): void {
    this.apply(orderId, (current) => release(current, orderId, at));
  }

  shipped(orderId: OrderId, at: Date): void {
    this.apply(orderId, (current) => ship(current, orderId, at));
  }

  levels(sku: Sku): Stock {
    const stock = this.stock.get(sku);
    if (stock === undefined) throw new Error(`No product ${sku}`);
    return stock;
  }

  /** What `changeReservation` does. @returns the lines that the stock does not allow */
  private apply(
    orderId: OrderId,
    verb: (current: Reservation | undefined) => Outcome,
  ): readonly SkuQuantity[] {
    for (;;) {
      const outcome = verb(this.reservations.get(orderId));
      if (outcome.outcome !== 'changed') return [];
      if (this.stepsLeft === 0) throw new Killed('The function was killed between two steps');
      this.stepsLeft -= 1;
      const short = this.step(outcome);
      if (short.length > 0) return short;
      if (isSettled(outcome.reservation)) return [];
    }
  }

  /** All or nothing, as a transaction does it. @returns what is short, of these lines and of those after them */
  private step({ reservation, stock, events }: Change): readonly SkuQuantity[] {
    if (stock !== undefined) {
      const isNew = !this.reservations.has(reservation.orderId);
      if (isNew && this.shortAfter(reservation).length > 0) return this.short(reservation.lines);
      const moves = stock.lines.map(
        (line) => [line, move(this.levels(line.sku), stock.movement(line.quantity))] as const,
      );
      const impossible = moves.filter(([, moved]) => moved === undefined).map(([line]) => line);
      if (impossible.length > 0) return [...impossible, ...this.shortAfter(reservation)];
      for (const [{ sku }, moved] of moves) if (moved !== undefined) this.stock.set(sku, moved);
    }
    this.reservations.set(reservation.orderId, reservation);
    this.events.push(...events.map(({ type }) => `${reservation.orderId} ${type}`));
    return [];
  }

  private shortAfter(reservation: Reservation): readonly SkuQuantity[] {
    return reservation.status === 'RESERVING' ? this.short(reservation.lines.slice(reservation.holding)) : [];
  }

  private short(lines: readonly SkuQuantity[]): readonly SkuQuantity[] {
    return lines.filter(({ sku, quantity }) => this.levels(sku).available < quantity);
  }
}

/** Thrown where the function dies; what it has written stays. */
export class Killed extends Error {
  override readonly name = 'Killed';
}
