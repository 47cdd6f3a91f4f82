/** Numbers of pieces: `onHand = available + reserved` at every moment, none of them below zero. */
export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

/** The largest level that is kept. */
export const maxOnHand = 1_000_000_000;

/** The change of each level. Every movement keeps the equation, so every sequence of them does. */
export type Movement = Stock;

/** Sets pieces aside for an order. */
export const reserving = (quantity: number): Movement => ({
  onHand: 0,
  reserved: quantity,
  available: -quantity,
});

/** Gives back what was set aside. */
export const releasing = (quantity: number): Movement => ({
  onHand: 0,
  reserved: -quantity,
  available: quantity,
});

/** Sends off what was set aside. */
export const shipping = (quantity: number): Movement => ({
  onHand: -quantity,
  reserved: -quantity,
  available: 0,
});

/** Takes goods in, or, with a negative quantity, writes them off. */
export const adjusting = (quantity: number): Movement => ({
  onHand: quantity,
  reserved: 0,
  available: quantity,
});

/** The lowest and highest level from which a level may change by `delta`. */
export function bounds(delta: number): { readonly min: number; readonly max: number } {
  return { min: Math.max(0, -delta), max: maxOnHand - Math.max(0, delta) };
}

/** The stock after a movement, or `undefined` where a level would leave its bounds. */
export function move(stock: Stock, movement: Movement): Stock | undefined {
  const fits = (['onHand', 'reserved', 'available'] as const).every((level) => {
    const { min, max } = bounds(movement[level]);
    return movement[level] === 0 || (stock[level] >= min && stock[level] <= max);
  });
  if (!fits) return undefined;
  return {
    onHand: stock.onHand + movement.onHand,
    reserved: stock.reserved + movement.reserved,
    available: stock.available + movement.available,
  };
}
