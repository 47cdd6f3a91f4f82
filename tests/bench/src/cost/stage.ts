import { packageServices, type Template } from '@orderly/local/packages';
import { assumptions } from './assumptions.ts';

/** What a stage has standing there, and how its functions are set, as a deploy would make them. */
export interface Stage {
  readonly name: string;
  /** Each queue that a function consumes. */
  readonly queues: readonly ConsumedQueue[];
  /** Metrics that alarms watch: each is charged as an alarm. */
  readonly alarmMetrics: number;
  readonly dashboards: number;
  /** Schedules that are on. */
  readonly schedules: number;
  /** Whether Lambda writes lines of its own for invocations that go well. */
  readonly systemLogs: boolean;
  /** Whether X-Ray traces the functions. */
  readonly traced: boolean;
  /** Whether the functions log spans. */
  readonly spans: boolean;
  /** Whether functions' own work is slower the less memory they have. Without it the assumed times hold for any. */
  readonly slowerWithLessMemory?: boolean;
}

export interface ConsumedQueue {
  /** `<service>/<function>` */
  readonly consumer: string;
  /** Long polls under way. */
  readonly pollers: number;
  readonly isFifo: boolean;
}

/** Packages every service for a stage. @returns their templates by service */
export async function packagedTemplates(name: string): Promise<Readonly<Record<string, Template>>> {
  const packages = await packageServices([name]);
  return Object.fromEntries(packages.map(({ service, template }) => [service, template]));
}

/** @param templates by service */
export function readStage(name: string, templates: Readonly<Record<string, Template>>): Stage {
  const of = (type: string) => Object.values(templates).flatMap((template) => propertiesOf(template, type));
  const functions = of('AWS::Lambda::Function');
  const setting = (property: string, name: string) =>
    functions.map(({ [property]: value }) => Object(value)[name] as unknown);
  return {
    name,
    queues: Object.entries(templates).flatMap(([service, template]) => queuesOf(name, service, template)),
    alarmMetrics: of('AWS::CloudWatch::Alarm').reduce((sum, alarm) => sum + metricsOf(alarm), 0),
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    schedules: of('AWS::Events::Rule').filter(({ State }) => State === 'ENABLED').length,
    systemLogs: setting('LoggingConfig', 'SystemLogLevel').some((level) => level !== 'WARN'),
    traced: setting('TracingConfig', 'Mode').includes('Active'),
    spans: functions.some(
      ({ Environment }) => Object(Object(Environment).Variables).ORDERLY_TRACE_SPANS === 'true',
    ),
  };
}

const metricsOf = ({ Metrics }: Readonly<Record<string, unknown>>): number =>
  Array.isArray(Metrics) ? Metrics.filter((each) => Object(each).MetricStat !== undefined).length : 1;

function queuesOf(stage: string, service: string, template: Template): readonly ConsumedQueue[] {
  const { capped, uncapped } = assumptions.pollers;
  const named = (reference: unknown) => Object(template.Resources[logicalId(reference)]?.Properties);
  return propertiesOf(template, 'AWS::Lambda::EventSourceMapping')
    .filter(({ StartingPosition }) => StartingPosition === undefined)
    .map(({ ScalingConfig, FunctionName, EventSourceArn }) => {
      const most = Object(ScalingConfig).MaximumConcurrency as number | undefined;
      return {
        consumer: `${service}/${String(named(FunctionName).FunctionName).split(`${stage}-`).at(-1)}`,
        pollers: most === undefined ? uncapped : Math.min(most, capped),
        isFifo: named(EventSourceArn).FifoQueue === true,
      };
    });
}

/** Of the resource whose ARN this is; a function may be named with an alias behind its ARN. */
function logicalId(reference: unknown): string {
  const { 'Fn::Join': joined, 'Fn::GetAtt': attribute } = Object(reference);
  return joined === undefined ? String(Object(attribute)[0]) : logicalId(joined[1][0]);
}

const propertiesOf = ({ Resources }: Template, type: string) =>
  Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties ?? {}] : []));
