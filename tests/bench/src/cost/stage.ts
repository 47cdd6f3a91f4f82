import { packageServices, type Template } from '@orderly/local/packages';
import { assumptions } from './assumptions.ts';

/** What a stage has standing there, and how its functions are set, as a deploy would make them. */
export interface Stage {
  readonly name: string;
  /** Long polls under way, for each queue that a function consumes, by the function's service. */
  readonly pollers: Readonly<Record<string, number>>;
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

/** Packages every service for a stage, and reads the templates. */
export async function packagedStage(name: string): Promise<Stage> {
  const packages = await packageServices([name]);
  return readStage(name, Object.fromEntries(packages.map(({ service, template }) => [service, template])));
}

/** @param templates by service */
export function readStage(name: string, templates: Readonly<Record<string, Template>>): Stage {
  const of = (type: string) => Object.values(templates).flatMap((template) => propertiesOf(template, type));
  const functions = of('AWS::Lambda::Function');
  const setting = (property: string, name: string) =>
    functions.map(({ [property]: value }) => Object(value)[name] as unknown);
  return {
    name,
    pollers: Object.fromEntries(
      Object.entries(templates).map(([service, template]) => [service, pollersOf(template)]),
    ),
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

function pollersOf(template: Template): number {
  const { capped, uncapped } = assumptions.pollers;
  return propertiesOf(template, 'AWS::Lambda::EventSourceMapping')
    .filter(({ StartingPosition }) => StartingPosition === undefined)
    .map(({ ScalingConfig }) => Object(ScalingConfig).MaximumConcurrency as number | undefined)
    .reduce<number>((sum, most) => sum + (most === undefined ? uncapped : Math.min(most, capped)), 0);
}

const propertiesOf = ({ Resources }: Template, type: string) =>
  Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties ?? {}] : []));
