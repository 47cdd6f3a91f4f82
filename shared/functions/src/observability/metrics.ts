import { metricsLine, writeLine } from '#cloud/lines';
import type { Metric } from './metric.ts';

const { POWERTOOLS_METRICS_DISABLED } = process.env;

/** What was added since the last line, by metric. */
const added = new Map<string, Metric>();
const counts = new Map<string, number>();

/** CloudWatch takes no more values of one metric in a line. */
const maxValues = 100;

function add(name: string, unit: Metric['unit'], value: number): void {
  const metric = added.get(name);
  if (metric === undefined) added.set(name, { unit, values: [value] });
  else if (metric.values.push(value) === maxValues) writeAdded();
}

/** Adds to a count. A count of zero is not written. */
export function count(name: string, value = 1): void {
  if (value > 0) counts.set(name, (counts.get(name) ?? 0) + value);
}

/** Adds a duration. Each value is written, so that CloudWatch has their percentiles. */
export function measure(name: string, milliseconds: number): void {
  add(name, 'Milliseconds', milliseconds);
}

/** Records a present value. Unlike a count, zero is written, too. */
export function gauge(name: string, value: number, unit: Exclude<Metric['unit'], 'Milliseconds'>): void {
  add(name, unit, value);
}

/** Writes what was added since the last call. A handler without `http` or `consume` ends with it. */
export function flushMetrics(): void {
  for (const [name, value] of counts) add(name, 'Count', value);
  counts.clear();
  if (added.size > 0) writeAdded();
}

function writeAdded(): void {
  const metrics = [...added];
  added.clear();
  if (POWERTOOLS_METRICS_DISABLED !== 'true') writeLine(JSON.stringify(metricsLine(metrics)));
}
