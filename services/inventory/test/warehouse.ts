import type { OrderId, Sku, SkuQuantity } from '@orderly/contracts';
import { isPartial, nextStep, type Step, type StoredReservation } from '../src/domain/large-reservation.ts';
import type { ReservationRequest } from '../src/domain/reservation.ts';
import { adjusting, move, type Stock } from '../src/domain/stock.ts';

/** The inventory in memory, made of the domain only: the table must behave the same. */
export class Warehouse {
  readonly stock = new Map<Sku, Stock>();
  readonly reservations = new Map<OrderId, StoredReservation>();
  readonly events: string[] = [];
  /** Steps until the function is killed. */
  stepsLeft = Number.POSITIVE_INFINITY;

  constructor(skus: readonly Sku[]) {
    for (const sku of skus) this.stock.set(sku, { onHand: 0, reserved: 0, available: 0 });
  }

  adjust(sku: Sku, quantity: number): void {
    const moved = move(this.levels(sku), adjusting(quantity));
    if (moved !== undefined) this.stock.set(sku, moved);
  }

  /** As `consume-order-events` handles OrderPlaced. */
  placed(orderId: OrderId, lines: readonly SkuQuantity[], at: Date): void {
    const short = this.apply({ action: 'reserve', orderId, lines }, at);
    if (short.length === 0) return;
    const shortages = short.map(({ sku, quantity }) => {
      const { available } = this.levels(sku);
      return { sku, requested: quantity, available };
    });
    this.apply({ action: 'reject', orderId, lines, shortages }, at);
  }

  cancelled(orderId: OrderId, at: Date): void {
    this.apply({ action: 'release', orderId }, at);
  }

  shipped(orderId: OrderId, at: Date): void {
    this.apply({ action: 'ship', orderId }, at);
  }

  levels(sku: Sku): Stock {
    const stock = this.stock.get(sku);
    if (stock === undefined) throw new Error(`No product ${sku}`);
    return stock;
  }

  /** As `changeReservation`. @returns the lines that the stock does not allow */
  private apply(request: ReservationRequest, at: Date): readonly SkuQuantity[] {
    for (;;) {
      const next = nextStep(this.reservations.get(request.orderId), request, at);
      if (next.outcome !== 'changed') return [];
      if (this.stepsLeft === 0) throw new Killed('The function was killed between two steps');
      this.stepsLeft -= 1;
      const short = this.step(next);
      if (short.length > 0) return short;
      if (!isPartial(next.reservation)) return [];
    }
  }

  /** All or nothing, as a transaction. @returns the lines that are short, of this step and of later ones */
  private step({ reservation, stock, events }: Step): readonly SkuQuantity[] {
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

  private shortAfter(reservation: StoredReservation): readonly SkuQuantity[] {
    const reserving = isPartial(reservation) && reservation.status === 'RESERVING';
    return reserving ? this.short(reservation.lines.slice(reservation.holding)) : [];
  }

  private short(lines: readonly SkuQuantity[]): readonly SkuQuantity[] {
    return lines.filter(({ sku, quantity }) => this.levels(sku).available < quantity);
  }
}

/** Thrown where the function dies; its writes stay. */
export class Killed extends Error {
  override readonly name = 'Killed';
}
