import type { OrderId, Shortage, Sku, SkuQuantity } from '@orderly/contracts';
import { linesPerTransaction } from './reservation.ts';

/** A reservation that one transaction can make. */
export interface NewReservation {
  readonly orderId: OrderId;
  readonly lines: readonly SkuQuantity[];
}

/** Why a transaction for several reservations was refused. */
export interface Refusal {
  /** Orders that have a reservation already. */
  readonly existing: ReadonlySet<OrderId>;
  /** Available pieces of the SKUs that are short of the sum. */
  readonly available: ReadonlyMap<Sku, number>;
}

/** A reservation that the refusal of its transaction rules out. */
export type Refused<R extends NewReservation> = { readonly reservation: R } & (
  | { readonly outcome: 'overtaken' }
  | { readonly outcome: 'short'; readonly shortages: readonly Shortage[] }
);

/** How many pieces of each SKU the reservations need in all. */
export function piecesOf(reservations: readonly NewReservation[]): ReadonlyMap<Sku, number> {
  const pieces = new Map<Sku, number>();
  for (const { sku, quantity } of reservations.flatMap(({ lines }) => lines)) {
    pieces.set(sku, (pieces.get(sku) ?? 0) + quantity);
  }
  return pieces;
}

/**
 * Groups the waiting reservations that may begin now, one transaction a group: those of one SKU together, as many as a
 * transaction holds. A reservation waits if one of its SKUs is `busy`, or if it would join two groups. Reservations
 * that share a SKU begin in the order of arrival.
 */
export function coalesce<R extends NewReservation>(
  waiting: readonly R[],
  busy: ReadonlySet<Sku>,
): readonly R[][] {
  const groups: R[][] = [];
  /** The group of each SKU; `undefined` where the SKU has to wait. */
  const taken = new Map<Sku, R[] | undefined>([...busy].map((sku) => [sku, undefined]));
  for (const reservation of waiting) {
    const { lines } = reservation;
    const met = new Set(lines.filter(({ sku }) => taken.has(sku)).map(({ sku }) => taken.get(sku)));
    const [group = []] = met;
    const joins = met.size === 0 || (met.size === 1 && !met.has(undefined) && fits([...group, reservation]));
    if (joins && met.size === 0) groups.push(group);
    if (joins) group.push(reservation);
    // Later ones must not overtake it, or an order of many SKUs would wait for ever.
    for (const { sku } of lines) taken.set(sku, joins ? group : undefined);
  }
  return groups;
}

/** A transaction holds 100 items, none of them twice: each reservation, and each SKU. */
function fits(reservations: readonly NewReservation[]): boolean {
  const orders = new Set(reservations.map(({ orderId }) => orderId));
  return (
    orders.size === reservations.length &&
    orders.size + piecesOf(reservations).size <= linesPerTransaction + 1
  );
}

/**
 * What a refusal means for each reservation of a group. It rules out those that exist, and those that need more than is
 * available even alone. The others are split in two groups to try again: those that fit together, and the rest.
 */
export function splitRefused<R extends NewReservation>(
  group: readonly R[],
  refusal: Refusal,
): { readonly refused: readonly Refused<R>[]; readonly again: readonly R[][] } {
  const refused = group.flatMap((reservation) => refusedAlone(reservation, refusal) ?? []);
  const ruledOut = new Set(refused.map(({ reservation }) => reservation));
  const together: R[] = [];
  const rest: R[] = [];
  for (const reservation of group.filter((each) => !ruledOut.has(each))) {
    (isEnough([...together, reservation], refusal) ? together : rest).push(reservation);
  }
  return { refused, again: [together, rest].filter(({ length }) => length > 0) };
}

function refusedAlone<R extends NewReservation>(
  reservation: R,
  { existing, available }: Refusal,
): Refused<R> | undefined {
  if (existing.has(reservation.orderId)) return { reservation, outcome: 'overtaken' };
  const shortages = reservation.lines.flatMap(({ sku, quantity: requested }) => {
    const left = available.get(sku) ?? Number.POSITIVE_INFINITY;
    return left < requested ? [{ sku, requested, available: left }] : [];
  });
  return shortages.length > 0 ? { reservation, outcome: 'short', shortages } : undefined;
}

function isEnough(reservations: readonly NewReservation[], { available }: Refusal): boolean {
  return [...piecesOf(reservations)].every(
    ([sku, quantity]) => quantity <= (available.get(sku) ?? Number.POSITIVE_INFINITY),
  );
}
