import type { OrderId, Sku, SkuQuantity } from '@orderly/contracts';
import { type Outcome, type Reservation, reject, release, reserve, ship } from '../src/reservation.ts';
import { adjusting, move, type Stock } from '../src/stock.ts';

/** The inventory in memory, made of nothing but the domain: what its table must be equal to. */
export class Warehouse {
  readonly stock = new Map<Sku, Stock>();
  readonly reservations = new Map<OrderId, Reservation>();
  readonly events: string[] = [];

  constructor(skus: readonly Sku[]) {
    for (const sku of skus) this.stock.set(sku, { onHand: 0, reserved: 0, available: 0 });
  }

  adjust(sku: Sku, quantity: number): void {
    const moved = move(this.levels(sku), adjusting(quantity));
    if (moved !== undefined) this.stock.set(sku, moved);
  }

  /** What `follow-orders` does with OrderPlaced. */
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

  /** All or nothing, as a transaction does it. @returns the lines that the stock does not allow */
  private apply(
    orderId: OrderId,
    verb: (current: Reservation | undefined) => Outcome,
  ): readonly SkuQuantity[] {
    const outcome = verb(this.reservations.get(orderId));
    if (outcome.outcome !== 'changed') return [];
    const { reservation, movement, events } = outcome;
    if (movement !== undefined) {
      const moves = reservation.lines.map(
        (line) => [line, move(this.levels(line.sku), movement(line.quantity))] as const,
      );
      const impossible = moves.filter(([, moved]) => moved === undefined).map(([line]) => line);
      if (impossible.length > 0) return impossible;
      for (const [{ sku }, moved] of moves) if (moved !== undefined) this.stock.set(sku, moved);
    }
    this.reservations.set(orderId, reservation);
    this.events.push(...events.map(({ type }) => `${orderId} ${type}`));
    return [];
  }
}
