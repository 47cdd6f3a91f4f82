import type * as Metrics from '../src/observability/metrics.ts';

const silent = { ...process.env };
let written: Record<string, unknown>[] = [];

/** The metrics as a function has them, what they write collected. */
function load(): typeof Metrics {
  Object.assign(process.env, {
    // Makes Powertools write to the console that can be watched.
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
    POWERTOOLS_SERVICE_NAME: 'orders',
    STAGE: 'prod',
  });
  let loaded: typeof Metrics | undefined;
  jest.isolateModules(() => {
    loaded = require('../src/observability/metrics.ts');
  });
  if (loaded === undefined) throw new Error('Not loaded');
  return loaded;
}

beforeEach(() => {
  written = [];
  jest.spyOn(console, 'log').mockImplementation((...[line]: readonly unknown[]) => {
    written.push(JSON.parse(String(line)));
  });
});
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...silent };
});

it('counts are written once, when they are flushed, in the embedded metric format', () => {
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
])('at the log level %s a line of metrics has the level %s, which Lambda lets through', (set, level) => {
  if (set !== undefined) process.env.AWS_LAMBDA_LOG_LEVEL = set;
  const { count, flushMetrics } = load();

  count('EventsHandled');
  flushMetrics();
  count('EventsHandled');
  flushMetrics();

  expect(written).toMatchObject([{ level }, { level }]);
});

it('durations are kept each, with its unit', () => {
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

it('nothing is written when there are none, nor when nothing was counted', () => {
  const { count, flushMetrics } = load();

  count('EventsHandled', 0);
  flushMetrics();

  expect(written).toEqual([]);
});

it('how something stands is written with its unit, zero too', () => {
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
