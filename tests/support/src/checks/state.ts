import type { Evidence, Line, OrderItem } from '../evidence.ts';
import { type Finding, found } from './finding.ts';

/** The reservations that fit an order's status; a cancelled one may have been rejected, or inventory never saw it. */
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
  for (const [orderId, { key, cancelled, shipped }] of accepted.orders) {
    const status = stored.get(orderId)?.status;
    if (status === undefined) {
      findings.push(found('lost', `Order ${orderId} was accepted and is not there`));
      continue;
    }
    if (status === 'PLACED') findings.push(found('lost', `Order ${orderId} (${key}) is PLACED for ever`));
    if (cancelled && status !== 'CANCELLED')
      findings.push(found('lost', `Order ${orderId}: its cancellation was accepted, and it is ${status}`));
    if (shipped && status !== 'SHIPPED')
      findings.push(found('lost', `Order ${orderId}: its shipment was accepted, and it is ${status}`));
  }
  for (const { orderId, status } of orders) {
    if (!accepted.orders.has(orderId))
      findings.push(found('doubled', `Order ${orderId} is there, and no caller knows it`));
    const reservation = reservations.get(orderId)?.status ?? 'none';
    if (status !== 'PLACED' && !fitting[status].includes(reservation))
      findings.push(found('inconsistent', `Order ${orderId} is ${status}, its reservation ${reservation}`));
  }
  return findings;
}

/** Pieces by SKU in the run's reservations of a status. */
function piecesIn({ reservations }: Evidence, status: string): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  const lines: readonly Line[] = [...reservations.values()].flatMap((each) =>
    each.status === status ? each.lines : [],
  );
  for (const { sku, quantity } of lines) sums.set(sku, (sums.get(sku) ?? 0) + quantity);
  return sums;
}

export function stockFindings(evidence: Evidence): Finding[] {
  const { accepted, before, products } = evidence;
  const [held, shipped] = [piecesIn(evidence, 'RESERVED'), piecesIn(evidence, 'SHIPPED')];
  return products.flatMap(({ sku, onHand, reserved, available }) => {
    const levels = `onHand ${onHand}, reserved ${reserved}, available ${available}`;
    const start = before.get(sku) ?? { onHand: 0, reserved: 0 };
    const holding = start.reserved + (held.get(sku) ?? 0);
    const left = start.onHand + (accepted.stock.get(sku) ?? 0) - (shipped.get(sku) ?? 0);
    const findings: Finding[] = [];
    if (Math.min(onHand, reserved, available) < 0)
      findings.push(found('oversold', `Product ${sku} is below zero: ${levels}`));
    if (onHand !== reserved + available)
      findings.push(found('inconsistent', `Product ${sku}: onHand is not reserved + available: ${levels}`));
    if (reserved !== holding)
      findings.push(found('inconsistent', `Product ${sku}: reservations hold ${holding}, but ${levels}`));
    if (onHand !== left)
      findings.push(
        found('inconsistent', `Product ${sku}: ${left} were put in and not shipped, but ${levels}`),
      );
    return findings;
  });
}

export function productFindings({ accepted, products, replica }: Evidence): Finding[] {
  const stored = new Map(products.map((product) => [product.sku, product]));
  return [
    ...accepted.unknown.map((text) => found('lost', text)),
    ...[...accepted.products.keys()].flatMap((sku) => {
      const product = stored.get(sku);
      if (product === undefined) return [found('lost', `Product ${sku} was accepted and is not there`)];
      const copy = replica.get(sku);
      const same = copy?.name === product.name && copy.price === product.price;
      return same
        ? []
        : [found('lost', `Product ${sku} costs ${product.price}; orders knows ${copy?.price}`)];
    }),
  ];
}
