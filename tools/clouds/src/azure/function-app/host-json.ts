/** What is read of host.json. Source: https://learn.microsoft.com/azure/azure-functions/functions-host-json */
export interface HostJson {
  /** E.g. `/api`, or empty. */
  readonly routePrefix: string;
  /** What an invocation may take, in milliseconds; no limit unless given. */
  readonly functionTimeoutMs: number | undefined;
  readonly serviceBus: ServiceBusSettings;
}

/** Source: https://learn.microsoft.com/azure/azure-functions/functions-bindings-service-bus#hostjson-settings */
export interface ServiceBusSettings {
  /** Sessions that one function handles at once. */
  readonly maxConcurrentSessions: number;
  /** How long a session without messages is kept, in milliseconds. Until then it takes one of the places. */
  readonly sessionIdleMs: number;
  /** Messages that one function without sessions handles at once. */
  readonly maxConcurrentCalls: number;
  readonly maxLockRenewalMs: number;
}

type Json = Readonly<Record<string, unknown>>;

/** @throws Error by name for settings that are not implemented */
const section = (json: unknown, path: string, known: readonly string[]): Json => {
  const found = Object(json ?? {}) as Json;
  for (const name of Object.keys(found))
    if (!known.includes(name))
      throw new Error(`This host of function apps does not implement ${path}${name} of host.json.`);
  return found;
};

const whole = (json: Json, name: string, usual: number): number => {
  const value = json[name] ?? usual;
  if (typeof value === 'number' && Number.isInteger(value) && value > 0) return value;
  throw new Error(`${name} of host.json is not a whole number above 0.`);
};

const span = (json: Json, name: string, usual: string): number => {
  const value = String(json[name] ?? usual);
  const [text, hours, minutes, seconds] = /^(\d+):(\d{2}):(\d{2}(?:\.\d+)?)$/.exec(value) ?? [];
  if (text === undefined) throw new Error(`${name} of host.json is not hh:mm:ss: ${value}`);
  return ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1_000;
};

/** Logging is left to whoever started the host. */
const LEFT_ALONE = ['version', 'logging', 'extensionBundle', '$schema'];
const CALLS_PER_CORE = 16;

/** @throws Error by name for what is not implemented, and for values that are wrong */
export const readHostJson = (json: unknown): HostJson => {
  const host = section(json, '', [...LEFT_ALONE, 'extensions', 'functionTimeout']);
  const { http, serviceBus } = section(host.extensions, 'extensions.', ['http', 'serviceBus']);
  const { routePrefix = 'api' } = section(http, 'extensions.http.', ['routePrefix']);
  const bus = section(serviceBus, 'extensions.serviceBus.', [
    'maxConcurrentSessions',
    'sessionIdleTimeout',
    'maxConcurrentCalls',
    'maxAutoLockRenewalDuration',
    'autoCompleteMessages',
  ]);
  if (bus.autoCompleteMessages === false)
    throw new Error(
      'This host of function apps does not implement autoCompleteMessages: false of host.json.',
    );
  return {
    routePrefix: routePrefix === '' ? '' : `/${String(routePrefix)}`,
    functionTimeoutMs: host.functionTimeout === undefined ? undefined : span(host, 'functionTimeout', ''),
    serviceBus: {
      maxConcurrentSessions: whole(bus, 'maxConcurrentSessions', 8),
      sessionIdleMs: span(bus, 'sessionIdleTimeout', '00:01:00'),
      maxConcurrentCalls: whole(bus, 'maxConcurrentCalls', CALLS_PER_CORE),
      maxLockRenewalMs: span(bus, 'maxAutoLockRenewalDuration', '00:05:00'),
    },
  };
};
