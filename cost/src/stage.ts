import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { packageService, services } from '@orderly/bench/src/packages.ts';
import { assumptions } from './assumptions.ts';

interface Template {
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties?: Readonly<Record<string, unknown>> }>
  >;
}

/** What a stage has standing there, and how its functions are set, as a deploy would make them. */
export interface Stage {
  readonly name: string;
  /** Long polls under way, for each queue that a function consumes, by the function's service. */
  readonly pollers: Readonly<Record<string, number>>;
  readonly alarms: number;
  readonly dashboards: number;
  /** Whether Lambda writes lines of its own for invocations that go well. */
  readonly systemLogs: boolean;
  /** Whether X-Ray traces the functions. */
  readonly traced: boolean;
}

/** Packages every service for a stage, one after the other, and reads the templates. */
export async function packagedStage(name: string): Promise<Stage> {
  const templates: Record<string, Template> = {};
  for (const service of services) {
    const [first] = await packageService(service, name);
    const file = join(dirname(first?.zip ?? ''), 'cloudformation-template-update-stack.json');
    templates[service] = JSON.parse(readFileSync(file, 'utf8')) as Template;
  }
  return readStage(name, templates);
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
    alarms: of('AWS::CloudWatch::Alarm').length,
    dashboards: of('AWS::CloudWatch::Dashboard').length,
    systemLogs: setting('LoggingConfig', 'SystemLogLevel').some((level) => level !== 'WARN'),
    traced: setting('TracingConfig', 'Mode').includes('Active'),
  };
}

function pollersOf(template: Template): number {
  const { capped, uncapped } = assumptions.pollers;
  return propertiesOf(template, 'AWS::Lambda::EventSourceMapping')
    .filter(({ StartingPosition }) => StartingPosition === undefined)
    .map(({ ScalingConfig }) => Object(ScalingConfig).MaximumConcurrency as number | undefined)
    .reduce<number>((sum, most) => sum + (most === undefined ? uncapped : Math.min(most, capped)), 0);
}

const propertiesOf = ({ Resources }: Template, type: string) =>
  Object.values(Resources).flatMap(({ Type, Properties }) => (Type === type ? [Properties ?? {}] : []));
