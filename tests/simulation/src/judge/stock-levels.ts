import { type Image, number, text } from './image.ts';

interface Level {
  readonly at: number;
  readonly available: number;
}

/** What was there of each product, and whether an order was refused for a reason. */
export class StockLevels {
  readonly #levels = new Map<string, Level[]>();
  readonly #placedAt = new Map<string, number>();

  /**
   * Notes a write.
   * @returns what is wrong with the shortages of a reservation, a sentence each
   */
  write(at: number, image: Image): readonly string[] {
    const [key = '', id = ''] = text(image, 'pk').split('#');
    if (key === 'ORDER' && !this.#placedAt.has(id)) this.#placedAt.set(id, at);
    if (key === 'PRODUCT' && image.available !== undefined) this.#change(at, id, number(image, 'available'));
    if (key !== 'RESERVATION' || !text(image, 'status').startsWith('REJECT')) return [];
    return (image.shortages?.L ?? []).flatMap(({ M = {} }) => this.#wrong(id, M));
  }

  #change(at: number, sku: string, available: number): void {
    const levels = this.#levels.get(sku) ?? [];
    if (levels.at(-1)?.available !== available) levels.push({ at, available });
    this.#levels.set(sku, levels);
  }

  #wrong(orderId: string, shortage: Image): readonly string[] {
    const [sku, available] = [text(shortage, 'sku'), number(shortage, 'available')];
    const placedAt = this.#placedAt.get(orderId) ?? 0;
    const levels = this.#levels.get(sku) ?? [];
    const seen = levels.some(
      (level, n) =>
        level.available === available && (levels[n + 1]?.at ?? Number.POSITIVE_INFINITY) >= placedAt,
    );
    if (seen && available < number(shortage, 'requested')) return [];
    return [`Order ${orderId} was refused because ${available} of ${sku} were left, which is not so`];
  }
}
