import type { WebhookFigures } from '@orderly/support/checks/webhooks';
import { quantile } from '@orderly/support/statistics';
import type { Finding, Harm } from '@orderly/support/verdict';
import Table from 'cli-table3';
import type { RunResult } from './run.ts';

/** The figures of a run, in the order in which they are shown. */
export function figuresOf(result: RunResult): Readonly<Record<string, number>> {
  const harms = (...kinds: readonly Harm[]): number =>
    result.findings.filter(({ harm }) => kinds.includes(harm)).length;
  return {
    orders: result.orders,
    events: result.events,
    'faults injected': [...result.faults.values()].reduce((sum, count) => sum + count, 0),
    'duplicate events absorbed': result.duplicateEvents,
    'duplicate mails (same Message-ID)': result.duplicateMails,
    'good messages redriven': result.redriven,
    'dead letters': result.deadLetters,
    ...(result.webhooks && webhookFiguresOf(result.webhooks)),
    'lost or untried': harms('lost', 'untried'),
    doubled: harms('doubled'),
    oversold: harms('oversold'),
    late: harms('late'),
    'inconsistent or out of order': harms('inconsistent', 'out of order'),
  };
}

function webhookFiguresOf({ deliveries, attempts, repeats, delays }: WebhookFigures) {
  const delay = (share: number): number => Math.round(quantile(delays, share) || 0);
  return {
    'webhook deliveries': deliveries,
    'webhook attempts': attempts,
    'webhook repeats': repeats,
    'delay at the well endpoint, median (ms)': delay(0.5),
    'delay at the well endpoint, 95th percentile (ms)': delay(0.95),
    'delay at the well endpoint, largest (ms)': delay(1),
  };
}

/** Faults that a run should have met, and did not. */
export const neverInjected = ({ faults }: RunResult): readonly string[] =>
  [...faults].filter(([, count]) => count === 0).map(([kind]) => kind);

/** A run is good when every fault was there and no promise was broken. */
export const isGood = (result: RunResult): boolean =>
  result.findings.length === 0 && neverInjected(result).length === 0;

/** How many findings are spelt out. */
const SHOWN = 25;

/** The result for people. */
export function report(result: RunResult): string {
  const faults = new Table({ head: ['fault', 'injected'], colAligns: ['left', 'right'], style: plain });
  for (const [kind, count] of result.faults) faults.push([kind, count]);
  const figures = new Table({ head: ['figure', ''], colAligns: ['left', 'right'], style: plain });
  for (const [name, value] of Object.entries(figuresOf(result))) figures.push([name, value]);
  const never = neverInjected(result).map((kind) => `Never injected: ${kind}`);
  return [
    faults.toString(),
    figures.toString(),
    ...never,
    ...findings(result.findings),
    closing(result),
  ].join('\n');
}

const plain = { head: [], border: [] };

function findings(list: readonly Finding[]): string[] {
  const shown = list.slice(0, SHOWN).map(({ harm, text }) => `${harm}: ${text}`);
  return list.length > SHOWN ? [...shown, `... and ${list.length - SHOWN} more`] : shown;
}

const closing = (result: RunResult): string =>
  isGood(result)
    ? `Every promise held in ${result.seconds} s (seed ${result.seed}).`
    : `A promise was broken, or a fault never came (seed ${result.seed}).`;
