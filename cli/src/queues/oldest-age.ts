import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';

/** CloudWatch takes 500 queries a request (GetMetricData in its API reference). */
const MAX_QUERIES = 500;
/** A queue that was idle for long is measured only every quarter of an hour. */
const LOOK_BACK_MS = 15 * 60_000;

/**
 * How long the oldest message of each queue has waited, in seconds, by queue name. A queue that is not measured is
 * left out: all of them without CloudWatch, since asking the queue itself would take messages from its consumer.
 */
export async function oldestAges(
  cloudwatch: CloudWatchClient | undefined,
  names: readonly string[],
  now = new Date(),
): Promise<ReadonlyMap<string, number>> {
  const ages = new Map<string, number>();
  if (cloudwatch === undefined) return ages;
  for (let from = 0; from < names.length; from += MAX_QUERIES) {
    const asked = names.slice(from, from + MAX_QUERIES);
    const { MetricDataResults = [] } = await cloudwatch.send(
      new GetMetricDataCommand({
        StartTime: new Date(now.getTime() - LOOK_BACK_MS),
        EndTime: now,
        ScanBy: 'TimestampDescending',
        MetricDataQueries: asked.map((name, index) => ({
          Id: `q${index}`,
          MetricStat: {
            Metric: {
              Namespace: 'AWS/SQS',
              MetricName: 'ApproximateAgeOfOldestMessage',
              Dimensions: [{ Name: 'QueueName', Value: name }],
            },
            Period: 60,
            Stat: 'Maximum',
          },
        })),
      }),
    );
    for (const { Id = '', Values: [latest] = [] } of MetricDataResults) {
      const name = asked[Number(Id.slice(1))];
      if (name !== undefined && latest !== undefined) ages.set(name, latest);
    }
  }
  return ages;
}

/** For people: `3 h 12 min`; `unknown` where nothing is measured. */
export function describeAge(seconds: number | undefined): string {
  if (seconds === undefined) return 'unknown';
  const minutes = Math.floor(seconds / 60);
  if (minutes < 1) return `${Math.floor(seconds)} s`;
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ${minutes % 60} min` : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}
