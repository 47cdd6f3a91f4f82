import { Metrics, type MetricUnit } from '@aws-lambda-powertools/metrics';
import { environment, text } from './env.ts';

const env = environment({ STAGE: text });
const metrics = new Metrics({ namespace: 'Orderly', defaultDimensions: { stage: env.STAGE } });

type Unit = (typeof MetricUnit)['Count' | 'Seconds'];

/**
 * Says how something stands (CloudWatch embedded metric format), by service and stage: unlike a count, which is
 * silent when there is nothing to count, zero is said, too.
 */
export function gauge(name: string, value: number, unit: Unit): void {
  metrics.addMetric(name, unit, value);
  metrics.publishStoredMetrics();
}
