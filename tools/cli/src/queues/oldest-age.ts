import { type CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { describeError } from '../failure.ts';
import type { Session } from '../session.ts';

/** CloudWatch takes 500 queries a request (GetMetricData in its API reference). */
const MAX_QUERIES = 500;
/** A queue that was idle for long is measured only every quarter of an hour. */
const LOOK_BACK_MS = 15 * 60_000;

/** Something of AWS's that CloudWatch measures. */
interface Measure {
  readonly namespace: string;
  readonly metric: string;
  readonly dimension: string;
}

const queueAge: Measure = {
  namespace: 'AWS/SQS',
  metric: 'ApproximateAgeOfOldestMessage',
  dimension: 'QueueName',
};
const iteratorAge: Measure = {
  namespace: 'AWS/Lambda',
  metric: 'IteratorAge',
  dimension: 'FunctionName',
};

/**
 * How long the oldest message of each queue has waited, in seconds, by queue name. A queue that is not measured is
 * left out: all of them without CloudWatch, since asking the queue itself would take messages from its consumer. When
 * CloudWatch does not answer, a note says so.
 */
export function oldestAges(session: Asking, names: readonly string[]): Promise<ReadonlyMap<string, number>> {
  return latest(session, queueAge, names, 'how long messages have waited');
}

/** How far each function is behind its stream, in seconds, by the function's name; where it is measured. */
export async function streamDelays(
  session: Asking,
  names: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const ages = await latest(session, iteratorAge, names, 'how far publishers are behind');
  return new Map([...ages].map(([name, milliseconds]) => [name, milliseconds / 1_000]));
}

type Asking = Pick<Session, 'clients' | 'note'>;

async function latest(
  { clients: { cloudwatch }, note }: Asking,
  measure: Measure,
  names: readonly string[],
  what: string,
): Promise<ReadonlyMap<string, number>> {
  const values = new Map<string, number>();
  if (cloudwatch === undefined) return values;
  try {
    for (let from = 0; from < names.length; from += MAX_QUERIES) {
      const asked = names.slice(from, from + MAX_QUERIES);
      for (const [name, value] of await measured(cloudwatch, measure, asked)) values.set(name, value);
    }
  } catch (error) {
    note(`CloudWatch does not say ${what}: ${describeError(error)}`);
  }
  return values;
}

async function measured(
  cloudwatch: CloudWatchClient,
  { namespace, metric, dimension }: Measure,
  names: readonly string[],
): Promise<readonly (readonly [name: string, value: number])[]> {
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
            Namespace: namespace,
            MetricName: metric,
            Dimensions: [{ Name: dimension, Value: name }],
          },
          Period: 60,
          Stat: 'Maximum',
        },
      })),
    }),
  );
  return MetricDataResults.flatMap(({ Id = '', Values: [value] = [] }) => {
    const name = names[Number(Id.slice(1))];
    return name === undefined || value === undefined ? [] : [[name, value] as const];
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
