import Table from 'cli-table3';
import { LINE_REFUSALS } from './invoices.ts';
import type { Summary } from './summary.ts';
import { sum, type Tally } from './tally.ts';

type Row = readonly [what: string, value: string];

/** What the demo's own reasons mean; the API's reasons speak for themselves. */
const MEANINGS: Readonly<Record<string, string>> = {
  ...LINE_REFUSALS,
  'no-orderable-row': 'every row was dropped',
  'no-earlier-order': 'the customer has no earlier order of the product here',
  'missing-customer': 'the cancellation names no customer',
  'quantity-not-negative': 'the cancellation takes nothing back',
};

const NO_ROW_LINES = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

/** Sentences shown of each check that fails; `--json` has them all. */
const FAULTS_SHOWN = 10;

/** The summary as a table for people, and after it what is wrong, if anything is. */
export const toTable = (summary: Summary): string => {
  const table = new Table({
    head: ['', summary.source],
    style: { head: [], border: [] },
    chars: NO_ROW_LINES,
  });
  for (const row of rowsOf(summary)) table.push([...row]);
  return [table.toString(), ...verdict(summary)].join('\n');
};

const rowsOf = ({ workload, orders, ...rest }: Summary): Row[] => [
  ['Invoices', `${n(workload.invoices)} with ${n(workload.rows)} rows`],
  ['  purchases', n(workload.purchases)],
  ['  cancellations', n(workload.cancellationInvoices)],
  ['  guests, because no customer is named', n(workload.guestOrders)],
  ...reasons('Rows dropped from their invoice', workload.droppedRows),
  ...reasons('Invoices refused by the demo', workload.refusedInvoices),
  ...reasons('Cancellation rows without an order', workload.cancellationRows.unmatched),
  ['Orders placed', n(orders.placed)],
  ['  confirmed', n(orders.confirmed)],
  ['  rejected, stock is short', n(orders.rejected)],
  ['  cancelled', n(orders.cancelled)],
  ['  not final', n(orders.notFinal)],
  ...reasons('Orders refused by the API', orders.refused),
  ['Cancellations accepted', n(rest.cancellations.accepted)],
  ...reasons('Cancellations refused', rest.cancellations.refused),
  ...reasons('Notifications sent', rest.notifications.byKind),
  ...reasons('Events delivered', rest.events.byType),
  ['Events delivered more than once', n(rest.events.duplicates)],
  ['Dead letters', n(rest.deadLetters)],
  ['Placed to final, p50 / p95 / p99', latency(rest.latencyMs)],
  ['Orders per second', rest.ordersPerSecond === null ? '-' : `${rest.ordersPerSecond}`],
  ...rest.checks.map(({ name, checked, faults }): Row => {
    const result = faults.length === 0 ? 'yes' : `NO: ${n(faults.length)} wrong`;
    return [`Check: ${name}`, `${result} (${n(checked)} checked)`];
  }),
];

const n = (value: number): string => value.toLocaleString('en-GB');

const latency = (ms: Summary['latencyMs']): string =>
  ms === null ? '-' : `${n(ms.p50)} / ${n(ms.p95)} / ${n(ms.p99)} ms`;

const reasons = (title: string, tally: Tally): Row[] => [
  [title, n(sum(tally))],
  ...Object.entries(tally)
    .sort(([, a], [, b]) => b - a)
    .map(([reason, times]): Row => [`  ${reason}`, [n(times), MEANINGS[reason]].filter(Boolean).join('  ')]),
];

const verdict = ({ ok, checks }: Summary): string[] => {
  if (ok) return ['Everything adds up.'];
  return checks.flatMap(({ name, faults }) => {
    if (faults.length === 0) return [];
    const more = faults.length - FAULTS_SHOWN;
    return [
      `FAILED: ${name}`,
      ...faults.slice(0, FAULTS_SHOWN).map((fault) => `  ${fault}`),
      ...(more > 0 ? [`  ... and ${n(more)} more (--json lists all)`] : []),
    ];
  });
};
