import type { Metric } from '../observability/metric.ts';
import { metricsNamespace } from '../project.ts';

const { POWERTOOLS_SERVICE_NAME: service, STAGE: stage = 'none' } = process.env;

/** Metrics as a log line, by name: for metrics that are derived from logs. */
export const metricsLine = (metrics: readonly (readonly [name: string, metric: Metric])[]): object => ({
  type: 'metrics',
  namespace: metricsNamespace,
  service,
  stage,
  metrics: Object.fromEntries(metrics),
});
