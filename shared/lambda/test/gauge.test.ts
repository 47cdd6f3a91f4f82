import type * as Gauge from '../src/gauge.ts';

const silent = { ...process.env };
afterEach(() => {
  jest.restoreAllMocks();
  process.env = { ...silent };
});

it('is written at once, zero too, with service and stage as its dimensions', () => {
  Object.assign(process.env, {
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
    POWERTOOLS_SERVICE_NAME: 'orders',
    STAGE: 'prod',
  });
  const written: unknown[] = [];
  jest
    .spyOn(console, 'log')
    .mockImplementation((...[line]: readonly unknown[]) => void written.push(JSON.parse(String(line))));

  jest.isolateModules(() => {
    const { gauge } = require('../src/gauge.ts') as typeof Gauge;
    gauge('OldestPlacedAge', 0, 'Seconds');
  });

  expect(written).toMatchObject([
    {
      OldestPlacedAge: 0,
      service: 'orders',
      stage: 'prod',
      _aws: {
        CloudWatchMetrics: [
          {
            Namespace: 'Orderly',
            Dimensions: [['service', 'stage']],
            Metrics: [{ Name: 'OldestPlacedAge', Unit: 'Seconds' }],
          },
        ],
      },
    },
  ]);
});
