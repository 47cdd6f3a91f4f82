import type { Metric } from '../observability/metric.ts';
import { metricsNamespace } from '../project.ts';

// Programs outside of a stage may import this, too; they write no metrics.
const {
  POWERTOOLS_SERVICE_NAME: service,
  STAGE: stage = 'none',
  AWS_LAMBDA_LOG_LEVEL: level = 'INFO',
} = process.env;

/** Lambda filters lines by this member. */
export const leveled = (level: string) => ({ level });

export function writeLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/**
 * A line in CloudWatch's embedded metric format, with the dimensions service and stage.
 * https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsLine(metrics: readonly (readonly [name: string, metric: Metric])[]): object {
  const directive = {
    Namespace: metricsNamespace,
    Dimensions: [['service', 'stage']],
    Metrics: metrics.map(([Name, { unit: Unit }]) => ({ Name, Unit })),
  };
  const values = metrics.map(([name, { values }]) => [name, values.length === 1 ? values[0] : values]);
  return {
    _aws: { Timestamp: Date.now(), CloudWatchMetrics: [directive] },
    // The lowest level that Lambda writes. A line without a level counts as INFO, and would be dropped at WARN:
    // https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-log-level.html
    ...{ level, service, stage },
    ...Object.fromEntries(values),
  };
}
