import fc from 'fast-check';
import { metricsOf, orderBill, ordersOf, standingBill, totalOf } from '../../src/cost/bill.ts';
import { RATES, report } from '../../src/cost/report.ts';
import { readStage } from '../../src/cost/stage.ts';
import { priceOf } from '../../src/cost/usage.ts';
import { aLife } from './life.ts';

const life = aLife();
const stage = {
  name: 'test',
  queues: [
    'orders/consume-inventory-events',
    'inventory/consume-order-events',
    'notifications/consume-order-events',
  ].map((consumer) => ({ consumer, pollers: 5, isFifo: true })),
  alarmMetrics: 30,
  dashboards: 3,
  schedules: 0,
  systemLogs: true,
  traced: true,
  spans: false,
};

it('an order costs what its steps cost', () => {
  const { steps, shipped, cancelled } = orderBill(life, stage, 1_000);
  const first = ['placed', 'reserved', 'confirmed', 'notified'] as const;
  const costs = first.reduce((total, step) => total + priceOf(steps[step]), 0);

  expect(priceOf(shipped)).toBeCloseTo(costs + priceOf(steps.shipped), 12);
  expect(priceOf(cancelled)).toBeCloseTo(costs + priceOf(steps.cancelled), 12);
});

it('an unused stage pays for its polls, alarms and dashboards only', () => {
  const polls = 3 * 15 * 60 * 24 * 30;
  const bill = standingBill(life, stage, 0);

  expect(bill).toMatchObject({ metrics: 0, alarms: 3, dashboards: 9 });
  expect(bill.emptyReceives).toBeCloseTo((polls * 0.5) / 1_000_000, 9);
});

it('a metric of a service is paid once, however often it is counted', () => {
  expect([...metricsOf(life)].sort()).toEqual([
    'inventory/consume-order-events runs',
    'inventory/publish-events runs',
    'notifications/consume-order-events runs',
    'notifications/publish-events runs',
    'orders/consume-inventory-events runs',
    'orders/place-order runs',
    'orders/publish-events runs',
    'orders/ship-order runs',
  ]);
  expect(standingBill(life, stage, 100_000).metrics).toBeCloseTo(8 * 0.3, 6);
});

it('what a schedule writes is paid without orders, too', () => {
  expect(standingBill(life, { ...stage, schedules: 1 }, 0).metrics).toBeCloseTo(2 * 0.3, 6);
});

it('orders cost more a month the more of them come', () =>
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 1_000_000 }), (ordersPerDay) =>
      expect(ordersOf(life, stage, ordersPerDay + 1_000)).toBeGreaterThan(
        ordersOf(life, stage, ordersPerDay),
      ),
    ),
  ));

it('a month is its orders and what stands there', () => {
  const sums = [0, ...RATES].map(
    (rate) => ordersOf(life, stage, rate) + totalOf(standingBill(life, stage, rate)),
  );
  const shown = sums.map((usd) =>
    usd.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 }),
  );

  expect(report(life, [stage])).toMatch(new RegExp(`sum\\*\\* +\\| +${shown.join(' +\\| +')} \\|$`));
});

describe('what a template says of a stage', () => {
  const mapping = (Properties: object) => ({ Type: 'AWS::Lambda::EventSourceMapping', Properties });
  const fn = (Properties: object) => ({ Type: 'AWS::Lambda::Function', Properties });
  const consuming = (properties: object, queue: object = { FifoQueue: true }) =>
    readStage('test', {
      orders: {
        Resources: {
          Consume: fn({ FunctionName: 'orders-test-consume-events' }),
          Subscription: { Type: 'AWS::SQS::Queue', Properties: queue },
          Mapping: mapping({
            FunctionName: { 'Fn::Join': [':', [{ 'Fn::GetAtt': ['Consume', 'Arn'] }, 'live']] },
            EventSourceArn: { 'Fn::GetAtt': ['Subscription', 'Arn'] },
            ...properties,
          }),
        },
      } as never,
    }).queues;
  const read = (...resources: { readonly Type: string; readonly Properties?: object }[]) =>
    readStage('test', { orders: { Resources: Object.fromEntries(resources.entries()) } as never });

  it.each([
    ['without a maximum', {}, 2],
    ['with a small one', { ScalingConfig: { MaximumConcurrency: 2 } }, 2],
    ['with a large one', { ScalingConfig: { MaximumConcurrency: 50 } }, 5],
  ])('long polls of a mapping %s', (_, properties, pollers) =>
    expect(consuming(properties)).toEqual([{ consumer: 'orders/consume-events', pollers, isFifo: true }]),
  );

  it('that a queue is a standard one', () => expect(consuming({}, {})).toMatchObject([{ isFifo: false }]));

  it('that a function without an alias consumes a queue, and that one of a stream consumes none', () => {
    const alone = { FunctionName: { 'Fn::GetAtt': ['Consume', 'Arn'] } };

    expect(consuming(alone)).toMatchObject([{ consumer: 'orders/consume-events' }]);
    expect(consuming({ StartingPosition: 'TRIM_HORIZON' })).toEqual([]);
  });

  it('alarms and dashboards', () =>
    expect(
      read(
        { Type: 'AWS::CloudWatch::Alarm' },
        {
          Type: 'AWS::CloudWatch::Alarm',
          Properties: { Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] },
        },
        { Type: 'AWS::CloudWatch::Dashboard' },
        { Type: 'AWS::SQS::Queue' },
      ),
    ).toMatchObject({ alarmMetrics: 3, dashboards: 1 }));

  it('schedules that are on', () => {
    const rule = (State: string) => ({ Type: 'AWS::Events::Rule', Properties: { State } });
    expect(read(rule('ENABLED'), rule('DISABLED'))).toMatchObject({ schedules: 1 });
  });

  it('tracing, spans, and the lines that Lambda writes', () => {
    const Environment = { Variables: { ORDERLY_TRACE_SPANS: 'true' } };
    expect(read(fn({}))).toMatchObject({ traced: false, spans: false, systemLogs: true });
    expect(
      read(fn({ TracingConfig: { Mode: 'Active' }, Environment, LoggingConfig: { SystemLogLevel: 'WARN' } })),
    ).toMatchObject({ traced: true, spans: true, systemLogs: false });
  });
});

it('the report has every step, and a sum for each rate', () => {
  const text = report(life, [stage]);

  for (const step of ['placed', 'reserved', 'confirmed', 'notified', 'shipped', 'cancelled'])
    expect(text).toMatch(new RegExp(`^\\| ${step} .*\\d+\\.\\d\\d \\|$`, 'm'));
  expect(text).toMatch(/10 a day \| +1,000 a day \| +100,000 a day/);
  expect(text).toMatch(/^\| `tracing: Active` +\| +0\.00 \|/m);
  expect(text.match(/^\| \*\*sum\*\*( +\| +[\d,]+\.\d\d)+ +\|$/gm)).toHaveLength(2);
});
