import type { Evidence, Line, OrderItem, ReservationItem } from '../evidence.ts';
import { type Finding, found } from './finding.ts';

/** The reservations that fit an order's status; a cancelled one may have been rejected or never heard of. */
const fitting: Readonly<Record<OrderItem['status'], readonly string[]>> = {
  PLACED: [],
  CONFIRMED: ['RESERVED'],
  REJECTED: ['REJECTED'],
  CANCELLED: ['RELEASED', 'REJECTED'],
  SHIPPED: ['SHIPPED'],
};

export function orderFindings({ accepted, orders, reservations }: Evidence): Finding[] {
  const findings: Finding[] = [];
  const stored = new Map(orders.map((order) => [order.orderId, order]));
  for (const [orderId, promise] of accepted.orders) {
    const order = stored.get(orderId);
    if (order === undefined) {
      findings.push(found('lost', `Order ${orderId} was accepted and is not there`));
      continue;
    }
    if (order.status === 'PLACED') findings.push(found('lost', `Order ${orderId} is PLACED for ever`));
    if (promise.cancelled && order.status !== 'CANCELLED')
      findings.push(
        found('lost', `Order ${orderId}: its cancellation was accepted, and it is ${order.status}`),
      );
    if (promise.shipped && order.status !== 'SHIPPED')
      findings.push(found('lost', `Order ${orderId}: its shipment was accepted, and it is ${order.status}`));
  }
  for (const { orderId, status } of orders) {
    if (!accepted.orders.has(orderId))
      findings.push(found('doubled', `Order ${orderId} is there, and nobody was told so`));
    const reservation = reservations.get(orderId)?.status ?? 'none';
    if (status !== 'PLACED' && !fitting[status].includes(reservation))
      findings.push(found('inconsistent', `Order ${orderId} is ${status}, its reservation ${reservation}`));
  }
  return findings;
}

/** Pieces by SKU. */
function pieces(lists: Iterable<readonly Line[]>): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const lines of lists)
    for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}

const linesOf = (reservations: Iterable<ReservationItem>, status: string): (readonly Line[])[] =>
  [...reservations].filter((each) => each.status === status).map(({ lines }) => lines);

export function stockFindings({ accepted, products, reservations }: Evidence): Finding[] {
  const held = pieces(linesOf(reservations.values(), 'RESERVED'));
  const gone = pieces(linesOf(reservations.values(), 'SHIPPED'));
  return products.flatMap(({ sku, onHand, reserved, available }) => {
    const levels = `onHand ${onHand}, reserved ${reserved}, available ${available}`;
    const findings: Finding[] = [];
    if (Math.min(onHand, reserved, available) < 0)
      findings.push(found('oversold', `Product ${sku} is below zero: ${levels}`));
    if (onHand !== reserved + available)
      findings.push(found('inconsistent', `Product ${sku}: onHand is not reserved + available: ${levels}`));
    if (reserved !== (held.get(sku) ?? 0))
      findings.push(
        found('inconsistent', `Product ${sku}: reservations hold ${held.get(sku) ?? 0}, but ${levels}`),
      );
    const left = (accepted.stock.get(sku) ?? 0) - (gone.get(sku) ?? 0);
    if (onHand !== left)
      findings.push(
        found('inconsistent', `Product ${sku}: ${left} were put in and not shipped, but ${levels}`),
      );
    return findings;
  });
}

export function productFindings({ accepted, products, replica }: Evidence): Finding[] {
  const stored = new Map(products.map((product) => [product.sku, product]));
  return [...accepted.products.keys()].flatMap((sku) => {
    const product = stored.get(sku);
    if (product === undefined) return [found('lost', `Product ${sku} was accepted and is not there`)];
    const copy = replica.get(sku);
    const same = copy?.name === product.name && copy.price === product.price;
    return same ? [] : [found('lost', `Product ${sku} costs ${product.price}; orders knows ${copy?.price}`)];
  });
}
