import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { packageServices, type Template } from '@orderly/local/packages';
import { folderOf } from '@orderly/local/services';
import { parse } from 'yaml';
import { readServices } from '../../../tools/codegen/documents/platform.ts';
import { ofType } from './rules/rule.ts';

const root = resolve(__dirname, '../../..');

interface Metric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

interface Alarm extends Metric {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly TreatMissingData: string;
  readonly AlarmActions?: readonly unknown[];
  readonly Metrics?: readonly { readonly MetricStat?: { readonly Metric: Metric } }[];
}

interface Widget {
  readonly type: string;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly properties: {
    readonly title: string;
    readonly alarms?: readonly string[];
    readonly metrics?: readonly (readonly [unknown, ...unknown[]])[];
  };
}

/**
 * What is counted where, by which dimensions.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
 */
const known: Readonly<Record<string, { dimensions: readonly string[]; metrics: readonly string[] }>> = {
  'AWS/SQS': {
    dimensions: ['QueueName'],
    metrics: ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'],
  },
  'AWS/Lambda': {
    dimensions: ['FunctionName'],
    metrics: ['Errors', 'Throttles', 'Duration', 'IteratorAge', 'DestinationDeliveryFailures'],
  },
  'AWS/ApiGateway': { dimensions: ['ApiId'], metrics: ['Count', '4xx', '5xx', 'Latency'] },
  'AWS/DynamoDB': {
    dimensions: ['TableName'],
    metrics: [
      'ConsumedReadCapacityUnits',
      'ConsumedWriteCapacityUnits',
      'ReadThrottleEvents',
      'WriteThrottleEvents',
    ],
  },
  // As the functions count-stuck-orders, consume-order-events and deliver have them.
  Orderly: {
    dimensions: ['service', 'stage'],
    metrics: ['OrdersStuck', 'NotificationsFailed', 'EndpointsDisabled'],
  },
};

/** Of which type the resource is that a dimension names. */
const named: Readonly<Record<string, string>> = {
  QueueName: 'AWS::SQS::Queue',
  FunctionName: 'AWS::Lambda::Function',
  ApiId: 'AWS::ApiGatewayV2::Api',
  TableName: 'AWS::DynamoDB::Table',
};

/** Those that subscribe, as alarms.yml expects. */
const services = readServices()
  .filter(({ subscription }) => subscription !== undefined)
  .map(({ name }) => name);

const templates = new Map<string, Template>();

beforeAll(async () => {
  for (const { service, template } of await packageServices(['prod'])) templates.set(service, template);
});

/** The resources of a type in a service's template, each with its properties. */
const resourcesOf = (service: string, type: string) =>
  ofType(templates.get(service) ?? { Resources: {}, Outputs: {} }, type);
/** Those that somebody receives: a release has alarms of its own. */
const alarmsOf = (service: string): Alarm[] =>
  resourcesOf(service, 'AWS::CloudWatch::Alarm')
    .map(([, alarm]) => alarm as unknown as Alarm)
    .filter(({ AlarmActions }) => AlarmActions !== undefined);
const metricsOf = ({ Metrics, ...metric }: Alarm): readonly Metric[] =>
  Metrics?.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : [])) ?? [metric];

/** The logical id or the name that a value stands for. */
function target(value: unknown): string {
  if (typeof value === 'string') return value.replace(/^\$\{(\w+)(\.QueueName)?\}$/, '$1');
  const { Ref, 'Fn::GetAtt': attribute } = value as { Ref?: string; 'Fn::GetAtt'?: readonly string[] };
  return Ref ?? (attribute?.[1] === 'QueueName' ? (attribute[0] ?? '') : '');
}

function expectKnown(service: string, { Namespace, MetricName, Dimensions }: Metric): void {
  expect(known[Namespace]?.metrics).toContain(MetricName);
  expect(Dimensions.map(({ Name }) => Name)).toEqual(known[Namespace]?.dimensions);
  for (const { Name, Value } of Dimensions) {
    const type = named[Name];
    if (type === undefined) continue;
    const is = target(Value);
    const there = resourcesOf(service, type).flatMap(([id, { FunctionName }]) => [id, FunctionName]);
    expect(there).toContain(is);
  }
}

/** Those of the service's own alarms.yml, as their names end. */
function ownOf(service: string): readonly string[] {
  const file = join(folderOf(service), 'alarms.yml');
  const own: object = existsSync(file) ? parse(readFileSync(file, 'utf8'), { logLevel: 'silent' }) : {};
  return Object.keys(own).map((id) => id.replace(/(?!^)[A-Z]/g, '-$&').toLowerCase());
}

const ofEvery = [
  'stream-failures-lost',
  'api-errors',
  'api-latency',
  'dead-letters',
  'events-parked',
  'function-errors',
  'function-throttles',
  'iterator-age',
  'queue-age',
  'stream-failures',
];

/** An alarm watches ten functions at most. */
const ofManyFunctions = (service: string): readonly string[] =>
  resourcesOf(service, 'AWS::Lambda::Function').length > 10
    ? ['function-errors2', 'function-throttles2']
    : [];

describe.each(services)('%s in prod', (service) => {
  it('has the alarms of every service and its own', () => {
    const names = alarmsOf(service).map(({ AlarmName }) => AlarmName);

    expect(names.sort()).toEqual(
      [...ofEvery, ...ofManyFunctions(service), ...ownOf(service)]
        .map((name) => `prod-${service}-${name}`)
        .sort(),
    );
  });

  it('names an existing runbook in every alarm', () => {
    const pages = alarmsOf(service).map(
      ({ AlarmDescription }) => AlarmDescription.split(' Runbook ')[1] ?? '',
    );

    expect(pages.filter((page) => !page.endsWith('.md') || !existsSync(join(root, page)))).toEqual([]);
  });

  it('watches only existing metrics of existing resources', () => {
    for (const alarm of alarmsOf(service)) {
      for (const metric of metricsOf(alarm)) expectKnown(service, metric);
      expect(['ignore', 'notBreaching']).toContain(alarm.TreatMissingData);
    }
  });

  it('watches every dead-letter queue', () => {
    const queues = resourcesOf(service, 'AWS::SQS::Queue')
      .filter(([, { QueueName }]) => String(QueueName).includes('-dlq--'))
      .map(([id]) => id);
    const watched = alarmsOf(service)
      .filter(({ MetricName }) => MetricName === 'ApproximateNumberOfMessagesVisible')
      .flatMap(({ Dimensions }) => Dimensions.map(({ Value }) => target(Value)));

    expect(watched.sort()).toEqual(queues.sort());
    expect(queues.length).toBeGreaterThanOrEqual(3);
  });

  it.each(['Errors', 'Throttles'])('counts the %s of every function, ten in an alarm at most', (name) => {
    const metrics = alarmsOf(service).map((alarm) =>
      metricsOf(alarm).filter(({ MetricName }) => MetricName === name),
    );
    const functions = resourcesOf(service, 'AWS::Lambda::Function');

    const counted = metrics.flat().map(({ Dimensions }) => Dimensions[0]?.Value);
    expect(counted.sort()).toEqual(functions.map(([, { FunctionName }]) => FunctionName).sort());
    expect(Math.max(...metrics.map(({ length }) => length))).toBeLessThanOrEqual(10);
  });

  it('shows all alarms and known metrics in its dashboard, side by side', () => {
    const { properties, widgets } = dashboardOf(service);
    const [first, ...graphs] = widgets;

    expect(properties.DashboardName).toBe(`prod-${service}`);
    const names = first?.properties.alarms?.map((arn) => arn.split(':alarm:')[1]);
    expect(names?.sort()).toEqual(
      alarmsOf(service)
        .map(({ AlarmName }) => AlarmName)
        .sort(),
    );
    for (const [Namespace, MetricName, Name, Value] of graphs.flatMap(
      ({ properties }) => properties.metrics ?? [],
    )) {
      if (typeof Namespace === 'object') {
        const { expression } = Namespace as { readonly expression: string };
        expect(expression).toContain(`{Orderly,service,stage} service="${service}" stage="prod"`);
        continue;
      }
      expectKnown(service, {
        Namespace: String(Namespace),
        MetricName: String(MetricName),
        Dimensions: [{ Name: String(Name), Value }],
      });
    }
    const fields = widgets.flatMap(({ x, y, width, height }) =>
      Array.from({ length: width * height }, (_, i) => `${x + (i % width)},${y + Math.floor(i / width)}`),
    );
    expect(new Set(fields).size).toBe(fields.length);
    expect(Math.max(...widgets.map(({ x, width }) => x + width))).toBe(24);
  });
});

function dashboardOf(service: string) {
  const [[, dashboard] = []] = resourcesOf(service, 'AWS::CloudWatch::Dashboard');
  const properties = dashboard as unknown as {
    readonly DashboardName: string;
    readonly DashboardBody: { readonly 'Fn::Sub': string };
  };
  const { widgets } = JSON.parse(properties.DashboardBody['Fn::Sub']) as { widgets: readonly Widget[] };
  return { properties, widgets };
}

it('every dashboard has the same rows', () => {
  const [first, ...others] = services.map((service) =>
    dashboardOf(service).widgets.map(({ type, y, properties }) => [type, y, properties.title]),
  );

  for (const other of others) expect(other).toEqual(first);
});

it('an alarm on what is counted now and then keeps its state until the next count', () => {
  const stuck = alarmsOf('orders').find(({ MetricName }) => MetricName === 'OrdersStuck');

  expect(stuck?.TreatMissingData).toBe('ignore');
});

it('the schedule that counts stuck orders is on in prod', () => {
  const rules = resourcesOf('orders', 'AWS::Events::Rule');

  expect(rules.map(([, { State }]) => State)).toEqual(['ENABLED']);
});
