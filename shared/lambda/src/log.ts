import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { flowKeys } from './flow.ts';

// One each per container, named by POWERTOOLS_SERVICE_NAME; level by POWERTOOLS_LOG_LEVEL.
const logger = new Logger();
const metrics = new Metrics({ namespace: 'Orderly' });

type Extra = Readonly<Record<string, unknown>>;

/** Structured JSON log lines; each carries the ids of the flow it is written in. */
export const log = {
  debug: (message: string, extra: Extra = {}) => logger.debug(message, { ...flowKeys(), ...extra }),
  info: (message: string, extra: Extra = {}) => logger.info(message, { ...flowKeys(), ...extra }),
  warn: (message: string, extra: Extra = {}) => logger.warn(message, { ...flowKeys(), ...extra }),
  /** `extra.error` is written with its stack: for people who operate the platform, never for callers. */
  error: (message: string, extra: Extra = {}) => logger.error(message, { ...flowKeys(), ...extra }),
};

const counts = new Map<string, number>();

/** Adds to a business metric (CloudWatch embedded metric format), sent when the invocation ends. */
export function count(name: string, value = 1): void {
  if (value > 0) counts.set(name, (counts.get(name) ?? 0) + value);
}

/** Writes what `count` has gathered; every wrapper of this package calls it when an invocation ends. */
export function flushMetrics(): void {
  if (counts.size === 0) return;
  for (const [name, value] of counts) metrics.addMetric(name, MetricUnit.Count, value);
  counts.clear();
  metrics.publishStoredMetrics();
}
