import { metricsNamespace } from '../project.ts';

// Programs outside of a stage may import this, too; they write no metrics.
const {
  POWERTOOLS_SERVICE_NAME: service,
  STAGE: stage = 'none',
  AWS_LAMBDA_LOG_LEVEL: level = 'INFO',
  POWERTOOLS_METRICS_DISABLED,
} = process.env;

type Unit = 'Count' | 'Seconds' | 'Milliseconds';

/** What was added since the last line, by metric. */
const added = new Map<string, { readonly unit: Unit; readonly values: number[] }>();
const counts = new Map<string, number>();

/** CloudWatch takes no more values of one metric in a line. */
const maxValues = 100;

function add(name: string, unit: Unit, value: number): void {
  const metric = added.get(name);
  if (metric === undefined) added.set(name, { unit, values: [value] });
  else if (metric.values.push(value) === maxValues) writeLine();
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
export function gauge(name: string, value: number, unit: Exclude<Unit, 'Milliseconds'>): void {
  add(name, unit, value);
}

/** Writes what was added since the last call. A handler without `http` or `consume` ends with it. */
export function flushMetrics(): void {
  for (const [name, value] of counts) add(name, 'Count', value);
  counts.clear();
  if (added.size > 0) writeLine();
}

/**
 * Writes a line in CloudWatch's embedded metric format, with the dimensions service and stage.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
function writeLine(): void {
  const metrics = [...added];
  added.clear();
  if (POWERTOOLS_METRICS_DISABLED === 'true') return;
  const directive = {
    Namespace: metricsNamespace,
    Dimensions: [['service', 'stage']],
    Metrics: metrics.map(([Name, { unit: Unit }]) => ({ Name, Unit })),
  };
  const values = metrics.map(([name, { values }]) => [name, values.length === 1 ? values[0] : values]);
  const line = {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
    // The lowest level that Lambda writes. A line without a level counts as INFO, and would be dropped at WARN:
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    ...{ level, service, stage },
    ...Object.fromEntries(values),
  };
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
