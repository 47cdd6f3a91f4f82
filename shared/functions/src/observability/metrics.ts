import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { metricsNamespace } from '../project.ts';

// Dimensions: service (POWERTOOLS_SERVICE_NAME) and stage, in CloudWatch's embedded metric format. Programs outside of a
// stage may import this, too; they write no metrics.
const { STAGE: stage = 'none', AWS_LAMBDA_LOG_LEVEL: level = 'INFO' } = process.env;
const metrics = new Metrics({ namespace: metricsNamespace, defaultDimensions: { stage } });
const counts = new Map<string, number>();

/** Adds to a count. A count of zero is not written. */
export function count(name: string, value = 1): void {
  if (value > 0) counts.set(name, (counts.get(name) ?? 0) + value);
}

/** Adds a duration. Each value is written, so that CloudWatch has their percentiles. */
export function measure(name: string, milliseconds: number): void {
  metrics.addMetric(name, MetricUnit.Milliseconds, milliseconds);
}

type GaugeUnit = (typeof MetricUnit)['Count' | 'Seconds'];

/** Records a present value. Unlike a count, zero is written, too. */
export function gauge(name: string, value: number, unit: GaugeUnit): void {
  metrics.addMetric(name, unit, value);
}

/** Writes what was added since the last call. A handler without `http` or `consume` ends with it. */
export function flushMetrics(): void {
  for (const [name, value] of counts) metrics.addMetric(name, MetricUnit.Count, value);
  counts.clear();
  if (!metrics.hasStoredMetrics()) return;
  // The lowest level that Lambda writes. A line without a level counts as INFO, and would be dropped at WARN:
  // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
  metrics.addMetadata('level', level);
  metrics.publishStoredMetrics();
}
