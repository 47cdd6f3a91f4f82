import { deadLetterFindings } from './checks/dead-letters.ts';
import { eventFindings, outboxFindings, subscriptionFindings } from './checks/events.ts';
import { type Finding, found } from './checks/finding.ts';
import { notificationFindings } from './checks/notifications.ts';
import { orderFindings, productFindings, stockFindings } from './checks/state.ts';
import type { Evidence } from './evidence.ts';

/** Checks every promise against the evidence; a run is good when it finds nothing. Pure. */
export function verdictOn(evidence: Evidence): readonly Finding[] {
  return [
    ...orderFindings(evidence),
    ...stockFindings(evidence),
    ...productFindings(evidence),
    ...eventFindings(evidence),
    ...outboxFindings(evidence),
    ...notificationFindings(evidence),
    ...deadLetterFindings(evidence),
    ...subscriptionFindings(evidence),
  ];
}

/** A flash sale sells every piece, once: nothing of it came back, and so nobody was refused too early. */
export function soldOut({ orders }: Evidence, pieces: number): readonly Finding[] {
  const sold = orders.filter(({ status }) => status === 'CONFIRMED').length;
  if (sold === pieces) return [];
  const text = `${sold} of ${pieces} pieces were sold`;
  return [sold > pieces ? found('oversold', text) : found('lost', text)];
}
