import { eventName, eventTypes } from '@orderly/contracts';
import type { Trigger } from '@orderly/functions/trigger';
import { resolveString, resolveValue, type Scope } from '@orderly/local/cloudformation';
import { planResources } from '@orderly/local/resources';
import { type ServiceConfig, serviceConfig } from '@orderly/local/service-config';
import { composeServices } from '@orderly/local/services';
import type { TablePlan } from '@orderly/local/tables';

export interface FunctionPlan {
  readonly name: string;
  /** From the service's folder, e.g. `src/functions/place-order`. */
  readonly file: string;
  readonly trigger: Trigger;
  readonly timeoutSeconds: number;
}

/** An index of a table: the attributes of its partition and sort key. */
export interface IndexPlan {
  readonly name: string;
  readonly partition: string;
  readonly sort: string | undefined;
}

/** A service as any cloud needs to know it, read from its serverless.yml. */
export interface ServicePlan {
  readonly name: string;
  /** Absolute. */
  readonly folder: string;
  readonly stage: string;
  /** The topic that it publishes, e.g. `order-events`. */
  readonly topic: string;
  readonly table: { readonly name: string; readonly indexes: readonly IndexPlan[] };
  /** A message is received so often at most, before it is dead-lettered. */
  readonly maxReceiveCount: number;
  /** Of all functions together: on a function app they share one. */
  readonly environment: Readonly<Record<string, string>>;
  readonly functions: readonly FunctionPlan[];
}

interface FunctionConfig {
  readonly handler: string;
  readonly timeout?: number;
  readonly environment?: Readonly<Record<string, unknown>>;
  readonly events?: readonly EventConfig[];
}

interface RouteConfig {
  readonly method: string;
  readonly path: string;
  readonly authorizer?: { readonly scopes?: readonly string[] };
}

interface EventConfig {
  readonly httpApi?: string | RouteConfig;
  readonly stream?: unknown;
  readonly sqs?: { readonly arn: unknown };
  readonly schedule?: { readonly rate: readonly string[]; readonly enabled?: boolean };
}

interface CustomConfig {
  readonly topic: string;
  readonly subscription?: { readonly topic: string; readonly events: string };
}

const secondsIn = { second: 1, minute: 60, hour: 3_600, day: 86_400 } as const;

/** `rate(5 minutes)`, the only form that the services use. @throws Error for another one */
const secondsOf = (rate: string): number => {
  const [, count, unit] = /^rate\((\d+) (second|minute|hour|day)s?\)$/.exec(rate) ?? [];
  if (count === undefined)
    throw new Error(`The schedule "${rate}" is no rate(...), which is all that is read here`);
  return Number(count) * secondsIn[unit as keyof typeof secondsIn];
};

/** The types of a topic's events that a subscription selects by their names; all without any. */
const selectedTypes = (topic: string, names: string): readonly string[] => {
  const wanted = new Set(names.split(/\s+/).filter(Boolean));
  const all: readonly string[] = eventTypes[topic as keyof typeof eventTypes];
  return all.filter((type) => wanted.size === 0 || wanted.has(eventName(type)) || wanted.has(type));
};

/** @throws Error for a route that takes any token: it would be open here */
const routeOf = ({ method, path, authorizer }: RouteConfig): Trigger => {
  const { scopes = [] } = authorizer ?? {};
  if (authorizer !== undefined && scopes.length === 0)
    throw new Error(`${method} ${path} has an authorizer without scopes`);
  return { kind: 'route', method, path, scopes };
};

const triggerOf = (event: EventConfig, { subscription }: CustomConfig, scope: Scope): Trigger => {
  const { httpApi, stream, sqs, schedule } = event;
  if (httpApi === '*') return { kind: 'fallback' };
  if (typeof httpApi === 'object') return routeOf(httpApi);
  if (stream !== undefined) return { kind: 'publisher' };
  if (schedule !== undefined) {
    const everySeconds = secondsOf(schedule.rate.join(' '));
    return { kind: 'schedule', everySeconds, enabled: schedule.enabled ?? true };
  }
  const queue = resolveString(sqs?.arn, scope)?.split(':').at(-1);
  if (queue === undefined) throw new Error(`This event is not known here: ${JSON.stringify(event)}`);
  if (!queue.endsWith('.fifo')) return { kind: 'tasks', queue };
  if (subscription === undefined) throw new Error(`${queue} is consumed without "custom.subscription"`);
  const { topic, events } = subscription;
  return { kind: 'subscription', topic, eventTypes: selectedTypes(topic, events) };
};

const indexesOf = ({ create }: TablePlan): readonly IndexPlan[] =>
  (create.GlobalSecondaryIndexes ?? []).map(({ IndexName: name = '', KeySchema = [] }) => ({
    name,
    partition: KeySchema.find(({ KeyType }) => KeyType === 'HASH')?.AttributeName ?? '',
    sort: KeySchema.find(({ KeyType }) => KeyType === 'RANGE')?.AttributeName,
  }));

const sqsEndpoint = 'http://sqs';

/** On other clouds a queue has no URL, but its name: the last part of it. */
const plainValue = (value: unknown): string => {
  const text = String(value);
  return text.startsWith(`${sqsEndpoint}/`) ? (text.split('/').at(-1) ?? '') : text;
};

/** One environment for all functions of a service. @throws Error where two functions want a variable to differ */
const environmentOf = (
  service: string,
  parts: readonly (Readonly<Record<string, unknown>> | undefined)[],
  scope: Scope,
): Readonly<Record<string, string>> => {
  const all: Record<string, string> = {};
  for (const part of parts) {
    for (const [name, value] of Object.entries(Object(resolveValue(part ?? {}, scope)))) {
      const text = plainValue(value);
      if ((all[name] ?? text) !== text)
        throw new Error(`Two functions of ${service} set ${name} differently`);
      all[name] = text;
    }
  }
  return all;
};

/** @throws Error for a function that has several triggers: it is registered by its name, for one */
const onlyEvent = (name: string, { events = [] }: FunctionConfig): EventConfig => {
  const [event, ...more] = events;
  if (event === undefined || more.length > 0)
    throw new Error(`${name} has ${events.length} triggers, not one`);
  return event;
};

/**
 * @param folder of the service, absolute
 * @throws Error that names what the service has that no other cloud can be given
 */
export const planService = (
  { service, provider, functions, resources, custom }: ServiceConfig,
  folder: string,
): ServicePlan => {
  const configs = Object.entries(functions) as (readonly [string, FunctionConfig])[];
  const { stage, region, timeout } = provider;
  const options = { region, stack: provider.stackName ?? `${service}-${stage}`, sqsEndpoint };
  const { tables, scope } = planResources(resources, options);
  const [table] = tables.values();
  if (table === undefined) throw new Error(`${service} has no table`);
  const ours = custom as CustomConfig;
  const { audience } = provider.httpApi?.authorizers?.jwt ?? {};
  const environments = [
    provider.environment,
    // Which API Gateway alone needs to know on AWS.
    { ...(audience !== undefined && { JWT_AUDIENCE: audience }) },
    ...configs.map(([, config]) => config.environment),
  ];
  const environment = environmentOf(service, environments, scope);
  return {
    name: service,
    folder,
    stage,
    topic: ours.topic,
    table: { name: table.name, indexes: indexesOf(table) },
    maxReceiveCount: Number(environment.MAX_RECEIVE_COUNT ?? 5),
    environment,
    functions: configs.map(([name, config]) => ({
      name,
      file: config.handler.replace(/\.handler$/, ''),
      trigger: triggerOf(onlyEvent(name, config), ours, scope),
      timeoutSeconds: config.timeout ?? timeout,
    })),
  };
};

/**
 * All services of serverless-compose.yml.
 *
 * @throws Error that names what one of them has that no other cloud can be given
 */
export const servicePlans = async (stage = 'dev'): Promise<readonly ServicePlan[]> => {
  const plans: ServicePlan[] = [];
  // One after the other: the first brings those of all along.
  for (const folder of composeServices().values()) {
    plans.push(planService(await serviceConfig(folder, stage), folder));
  }
  return plans;
};
