import type { OrderId, Shortage, Sku, SkuQuantity } from '@orderly/contracts';
import { linesPerStep } from './reservation.ts';

/** A new reservation that one transaction can make. */
export interface Wish {
  readonly orderId: OrderId;
  readonly lines: readonly SkuQuantity[];
}

/** What a transaction for several wishes was refused for. */
export interface Refused {
  /** Orders that have a reservation already. */
  readonly orders: ReadonlySet<OrderId>;
  /** Pieces there are of the SKUs that the sum asked too much of. */
  readonly available: ReadonlyMap<Sku, number>;
}

/** A wish whose fate a refusal decides. */
export type Verdict<W extends Wish> =
  | { readonly wish: W; readonly outcome: 'overtaken' }
  | { readonly wish: W; readonly outcome: 'short'; readonly shortages: readonly Shortage[] };

/** How many pieces of each SKU are wished for in all. */
export function sumOf(wishes: readonly Wish[]): ReadonlyMap<Sku, number> {
  const pieces = new Map<Sku, number>();
  for (const { sku, quantity } of wishes.flatMap(({ lines }) => lines)) {
    pieces.set(sku, (pieces.get(sku) ?? 0) + quantity);
  }
  return pieces;
}

/**
 * Which of the waiting wishes may begin now, those of one SKU together: as many as a transaction holds, and none
 * that wants a SKU which is `busy` or which two of the groups would meet on. The order of arrival is kept.
 */
export function gather<W extends Wish>(waiting: readonly W[], busy: ReadonlySet<Sku>): readonly W[][] {
  const groups: W[][] = [];
  const taken = new Map<Sku, W[] | undefined>([...busy].map((sku) => [sku, undefined]));
  for (const wish of waiting) {
    const met = new Set(wish.lines.filter(({ sku }) => taken.has(sku)).map(({ sku }) => taken.get(sku)));
    const [group = []] = met;
    const joins = met.size === 0 || (met.size === 1 && !met.has(undefined) && fits([...group, wish]));
    if (joins && met.size === 0) groups.push(group);
    if (joins) group.push(wish);
    // Whoever comes later must not overtake it, or an order of many SKUs would wait for ever.
    for (const { sku } of wish.lines) taken.set(sku, joins ? group : undefined);
  }
  return groups;
}

/** A transaction holds 100 items, none of them twice: a reservation for each wish, and each SKU. */
function fits(wishes: readonly Wish[]): boolean {
  const orders = new Set(wishes.map(({ orderId }) => orderId));
  return orders.size === wishes.length && orders.size + sumOf(wishes).size <= linesPerStep + 1;
}

/**
 * What a refusal means for each wish. What there was, was too little for the sum; it decides every wish that alone
 * asks for more. The others are cut into those that fit into it together, and those left over, to try again.
 */
export function decide<W extends Wish>(
  wishes: readonly W[],
  refused: Refused,
): { readonly verdicts: readonly Verdict<W>[]; readonly again: readonly W[][] } {
  const verdicts = wishes.flatMap((wish) => verdictOf(wish, refused) ?? []);
  const decided = new Set(verdicts.map(({ wish }) => wish));
  const together: W[] = [];
  const leftOver: W[] = [];
  for (const wish of wishes.filter((each) => !decided.has(each))) {
    const enough = isEnough([...together, wish], refused);
    (enough ? together : leftOver).push(wish);
  }
  return { verdicts, again: [together, leftOver].filter((group) => group.length > 0) };
}

function verdictOf<W extends Wish>(wish: W, { orders, available }: Refused): Verdict<W> | undefined {
  if (orders.has(wish.orderId)) return { wish, outcome: 'overtaken' };
  const shortages = wish.lines.flatMap(({ sku, quantity: requested }) => {
    const there = available.get(sku);
    return there !== undefined && there < requested ? [{ sku, requested, available: there }] : [];
  });
  return shortages.length > 0 ? { wish, outcome: 'short', shortages } : undefined;
}

function isEnough(wishes: readonly Wish[], { available }: Refused): boolean {
  return [...sumOf(wishes)].every(
    ([sku, quantity]) => quantity <= (available.get(sku) ?? Number.POSITIVE_INFINITY),
  );
}
