import type { Binding, RegisteredFunction } from './functions-core.ts';
import type { HttpFunction } from './http-trigger.ts';
import type { ServiceBusFunction } from './service-bus-trigger.ts';
import type { TimerFunction } from './timer-trigger.ts';

/** What the functions of an app are bound to. */
export interface Triggers {
  readonly http: readonly HttpFunction[];
  readonly serviceBus: readonly (ServiceBusFunction & { readonly connectionString: string })[];
  readonly timers: readonly TimerFunction[];
}

type Environment = Readonly<Record<string, string | undefined>>;

const KNOWN = {
  httpTrigger: ['authLevel', 'methods', 'route'],
  serviceBusTrigger: [
    'connection',
    'topicName',
    'subscriptionName',
    'queueName',
    'isSessionsEnabled',
    'cardinality',
  ],
  // Schedules are not kept over restarts, so that monitoring them changes nothing.
  timerTrigger: ['schedule', 'runOnStartup', 'useMonitor'],
} as const;
const COMMON = ['type', 'name', 'direction', 'properties'];

const notImplemented = (name: string, what: string): Error =>
  new Error(`This host of function apps does not implement ${what}, which the function ${name} has.`);

/** `%NAME%` stands for an app setting. */
const resolve = (name: string, value: unknown, env: Environment): string =>
  String(value).replace(/%([^%]+)%/g, (_, setting: string) => {
    const found = env[setting];
    if (found === undefined)
      throw new Error(`'%${setting}%' of the function ${name} does not resolve to a value.`);
    return found;
  });

const connectionString = (name: string, connection: string, env: Environment): string => {
  const found = env[connection];
  if (found !== undefined) return found;
  if (env[`${connection}__fullyQualifiedNamespace`] !== undefined)
    throw notImplemented(name, `a connection by identity: set ${connection} to a connection string`);
  throw new Error(
    `The Service Bus connection string for '${connection}' of the function ${name} is missing or empty.`,
  );
};

const readHttp = (name: string, trigger: string, { authLevel, methods, route }: Binding): HttpFunction => {
  if (authLevel !== 'anonymous') throw notImplemented(name, `the authorization level ${String(authLevel)}`);
  const upper = (methods as readonly string[]).map((method) => method.toUpperCase());
  return { name, trigger, methods: upper, route: String(route ?? name).replace(/^\//, '') };
};

const readServiceBus = (
  name: string,
  trigger: string,
  binding: Binding,
  env: Environment,
): Triggers['serviceBus'][number] => {
  const { topicName, subscriptionName, queueName, isSessionsEnabled, cardinality = 'one' } = binding;
  if (cardinality !== 'one') throw notImplemented(name, `the cardinality ${String(cardinality)}`);
  const entity = queueName === undefined ? [topicName, subscriptionName] : [queueName];
  return {
    name,
    trigger,
    entity: entity.map((part) => resolve(name, part, env)),
    sessions: isSessionsEnabled === true,
    connectionString: connectionString(name, String(binding.connection), env),
  };
};

const readTimer = (name: string, trigger: string, binding: Binding, env: Environment): TimerFunction => ({
  name,
  trigger,
  schedule: resolve(name, binding.schedule, env),
  runOnStartup: binding.runOnStartup === true,
});

const kindOf = (name: string, { type }: Binding): keyof typeof KNOWN => {
  const kind = Object.keys(KNOWN).find((known) => known.toLowerCase() === type.toLowerCase());
  if (kind === undefined) throw notImplemented(name, `the binding ${type}`);
  return kind as keyof typeof KNOWN;
};

/**
 * What the functions are triggered by.
 * @param env app settings
 * @throws Error by name for bindings, settings and retry policies that are not implemented
 */
export const readTriggers = (functions: Iterable<RegisteredFunction>, env: Environment): Triggers => {
  const http: HttpFunction[] = [];
  const serviceBus: Triggers['serviceBus'][number][] = [];
  const timers: TimerFunction[] = [];
  for (const { metadata } of functions) {
    const { name, bindings, retryOptions } = metadata;
    if (retryOptions !== undefined) throw notImplemented(name, 'a retry policy');
    for (const [at, binding] of Object.entries(bindings)) {
      if (at === '$return' && binding.type === 'http') continue;
      const kind = kindOf(name, binding);
      const known: readonly string[] = [...COMMON, ...KNOWN[kind]];
      const unknown = Object.keys(binding).find(
        (setting) => binding[setting] !== undefined && !known.includes(setting),
      );
      if (unknown !== undefined) throw notImplemented(name, `${unknown} of ${kind}`);
      if (kind === 'httpTrigger') http.push(readHttp(name, at, binding));
      else if (kind === 'timerTrigger') timers.push(readTimer(name, at, binding, env));
      else serviceBus.push(readServiceBus(name, at, binding, env));
    }
  }
  return { http, serviceBus, timers };
};

/** For people. */
export const describeTriggers = ({ http, serviceBus, timers }: Triggers) => [
  ...http.map(({ name, methods, route }) => ({ name, trigger: `${methods.join(',')} /${route}` })),
  ...serviceBus.map(({ name, entity }) => ({ name, trigger: `messages of ${entity.join('/')}` })),
  ...timers.map(({ name, schedule }) => ({ name, trigger: schedule })),
];
