import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { describeError } from '../failure.ts';
import type { Session } from '../session.ts';

/** CloudWatch takes 500 queries a request (GetMetricData in its API reference). */
const MAX_QUERIES = 500;
/** A queue that was idle for long is measured only every quarter of an hour. */
const LOOK_BACK_MS = 15 * 60_000;

/**
 * How long the oldest message of each queue has waited, in seconds, by queue name. A queue that is not measured is
 * left out: all of them without CloudWatch, since asking the queue itself would take messages from its consumer, and
 * where CloudWatch does not answer, which is said.
 */
export async function oldestAges(
  { clients: { cloudwatch }, note }: Pick<Session, 'clients' | 'note'>,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const ages = new Map<string, number>();
  if (cloudwatch === undefined) return ages;
  try {
    for (let from = 0; from < names.length; from += MAX_QUERIES) {
      const asked = names.slice(from, from + MAX_QUERIES);
      for (const [name, age] of await measuredAges(cloudwatch, asked)) ages.set(name, age);
    }
  } catch (error) {
    note(`CloudWatch does not say how long messages have waited: ${describeError(error)}`);
  }
  return ages;
}

async function measuredAges(
  cloudwatch: CloudWatchClient,
  names: readonly string[],
): Promise<readonly (readonly [name: string, age: number])[]> {
  const now = new Date();
  const { MetricDataResults = [] } = await cloudwatch.send(
    new GetMetricDataCommand({
      StartTime: new Date(now.getTime() - LOOK_BACK_MS),
      EndTime: now,
      ScanBy: 'TimestampDescending',
      MetricDataQueries: names.map((name, index) => ({
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
  return MetricDataResults.flatMap(({ Id = '', Values: [latest] = [] }) => {
    const name = names[Number(Id.slice(1))];
    return name === undefined || latest === undefined ? [] : [[name, latest] as const];
  });
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
