import type { Evidence } from '../evidence.ts';
import { type Finding, found } from './finding.ts';
import { toldByOrder } from './history.ts';

export function notificationFindings({ orders, notifications, mails }: Evidence): Finding[] {
  const sent = new Set(mails);
  const kinds = new Map<string, Set<string>>();
  const findings: Finding[] = [];
  for (const { orderId, kind, status, notificationId } of notifications) {
    kinds.set(orderId, (kinds.get(orderId) ?? new Set()).add(kind));
    const arrived = sent.has(`<${notificationId}@orderly>`);
    if (status === 'PENDING')
      findings.push(found('lost', `Notification ${notificationId} is PENDING for ever`));
    if (status === 'SENT' && !arrived)
      findings.push(found('lost', `Notification ${notificationId} is SENT, and no mail has arrived`));
    if (status === 'FAILED' && arrived)
      findings.push(
        found('inconsistent', `Notification ${notificationId} is FAILED, and its mail has arrived`),
      );
  }
  for (const order of orders) {
    const expected = toldByOrder(order)
      .filter((name) => name !== 'order.placed')
      .map((name) => name.replace('.', '-'));
    const had = kinds.get(order.orderId) ?? new Set();
    for (const kind of expected)
      if (!had.has(kind)) findings.push(found('lost', `Order ${order.orderId}: no ${kind} notification`));
    for (const kind of had)
      if (!expected.includes(kind))
        findings.push(found('doubled', `Order ${order.orderId}: a ${kind} notification that nothing caused`));
  }
  return findings;
}
