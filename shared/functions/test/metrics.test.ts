import type * as Metrics from '../src/observability/metrics.ts';
import { collectOutput, loadAnew, written } from './collected-output.ts';

/** Loads the metrics as in a function. */
const load = () => loadAnew<typeof Metrics>(() => require('../src/observability/metrics.ts'));

collectOutput({ POWERTOOLS_METRICS_DISABLED: 'false', STAGE: 'prod' });

it('counts are added up and written when they are flushed, in the embedded metric format', () => {
  const { count, flushMetrics } = load();

  count('EventsHandled');
  count('EventsHandled', 2);
  const before = written.length;
  flushMetrics();
  flushMetrics();

  expect(before).toBe(0);
  expect(written).toEqual([expect.objectContaining({ EventsHandled: 3, service: 'orders' })]);
  expect(written[0]).toMatchObject({
    _aws: {
      CloudWatchMetrics: [{ Namespace: 'Orderly', Metrics: [{ Name: 'EventsHandled', Unit: 'Count' }] }],
    },
  });
});

it.each([
  ['WARN', 'WARN'],
  [undefined, 'INFO'],
])('at the log level %s a line of metrics has the level %s, so that Lambda writes it', (set, level) => {
  if (set !== undefined) process.env.AWS_LAMBDA_LOG_LEVEL = set;
  const { count, flushMetrics } = load();

  count('EventsHandled');
  flushMetrics();
  count('EventsHandled');
  flushMetrics();

  expect(written).toMatchObject([{ level }, { level }]);
});

it('each duration is written, with its unit', () => {
  const { measure, flushMetrics } = load();

  measure('TimeToConfirmation', 120);
  measure('TimeToConfirmation', 80);
  flushMetrics();

  expect(written).toMatchObject([
    {
      TimeToConfirmation: [120, 80],
      _aws: {
        CloudWatchMetrics: [
          {
            Dimensions: [['service', 'stage']],
            Metrics: [{ Name: 'TimeToConfirmation', Unit: 'Milliseconds' }],
          },
        ],
      },
    },
  ]);
});

it('no line is written without metrics, nor for a count of zero', () => {
  const { count, flushMetrics } = load();

  count('EventsHandled', 0);
  flushMetrics();

  expect(written).toEqual([]);
});

it('a gauge is written with its unit, also when it is zero', () => {
  const { gauge, flushMetrics } = load();

  gauge('OldestPlacedAge', 0, 'Seconds');
  flushMetrics();

  expect(written).toMatchObject([
    {
      OldestPlacedAge: 0,
      service: 'orders',
      stage: 'prod',
      _aws: { CloudWatchMetrics: [{ Metrics: [{ Name: 'OldestPlacedAge', Unit: 'Seconds' }] }] },
    },
  ]);
});

it('a line has at most 100 values of a metric, and none is lost', () => {
  const { measure, flushMetrics } = load();

  for (let n = 0; n < 250; n++) measure('TimeToConfirmation', n);
  flushMetrics();

  const values = written.map(({ TimeToConfirmation }) => TimeToConfirmation as readonly number[]);
  expect(values.map(({ length }) => length)).toEqual([100, 100, 50]);
  expect(values.flat()).toEqual(Array.from({ length: 250 }, (_, n) => n));
});

it('nothing is written with POWERTOOLS_METRICS_DISABLED', () => {
  process.env.POWERTOOLS_METRICS_DISABLED = 'true';
  const { count, flushMetrics } = load();

  count('EventsHandled');
  flushMetrics();

  expect(written).toEqual([]);
});
