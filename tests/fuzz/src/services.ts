import { join, resolve } from 'node:path';
import { type EventDefinition, eventDefinitions } from '@orderly/contracts';
import type { ApiDescription } from '@orderly/functions/http/api-description';
import { folderOf, services } from '@orderly/local/services';
import { functionEnvironment } from '@orderly/support/function-environment';
import { readSubscribers } from '../../../tools/codegen/contracts/subscribers.ts';
import { readApis, readFunctions } from '../../../tools/codegen/documents/platform.ts';
import type { Consumer, HttpFunction } from '../../platform/invoke.ts';
import { stage } from './environment.ts';
import type { RouteUnderTest } from './requests.ts';

const root = resolve(__dirname, '../../..');

export interface RouteOf extends RouteUnderTest {
  readonly service: string;
  readonly handler: HttpFunction;
}

export interface ConsumerOf {
  readonly service: string;
  readonly name: string;
  /** All events of the topic that it is subscribed to, and those that its subscription asks for. */
  readonly events: readonly EventDefinition[];
  readonly wanted: readonly EventDefinition[];
  readonly handler: Consumer;
}

/** By service. One without an API has nothing to try but its consumer. */
export const apis = readApis();

/** What the function that consumes the subscription of a service is asked; nothing without a subscription. */
function consumerOf(service: string): Omit<ConsumerOf, 'handler'> | undefined {
  const subscriber = readSubscribers(root).find((one) => one.service === `services/${service}`);
  if (subscriber === undefined) return undefined;
  const events = eventDefinitions.filter(({ topic }) => topic === subscriber.topic);
  const wanted = events.filter(({ name }) => subscriber.events.includes(name));
  return { service, name: `consume-${subscriber.topic}`, events, wanted };
}

/** The function that takes the messages of webhooks to itself. */
const waker = { service: 'webhooks', name: 'deliver' } as const;

/** What no route of an API takes: other methods on its paths, and other paths. */
const others = (api: ApiDescription) => [
  ...[...new Set(api.routes.map(({ route }) => route.split(' ')[1]))].map((path) => ({
    route: `ANY ${path}`,
    name: 'fallback',
  })),
  { route: '$default', name: 'fallback' },
];

/** The functions of all services in this process, each loaded with its own environment. */
export function loadServices(): {
  readonly routes: readonly RouteOf[];
  readonly consumers: readonly ConsumerOf[];
  readonly wakeUps: { readonly service: string; readonly name: string; readonly handler: Consumer };
} {
  const routes: RouteOf[] = [];
  const consumers: ConsumerOf[] = [];
  const load = (service: string, name: string) =>
    require(join(folderOf(service), 'src/functions', `${name}.ts`)).handler;
  for (const service of services) {
    Object.assign(process.env, functionEnvironment(service, stage));
    const handlerOf = (name: string) => load(service, name);
    const api = apis.get(service);
    for (const description of api?.routes ?? []) {
      const { route, name, path, query, body } = description;
      routes.push({ service, route, path, query, body: body?.schema, handler: handlerOf(name) });
    }
    for (const { route, name } of api ? others(api) : [])
      routes.push({ service, route, handler: handlerOf(name) });
    const consumer = consumerOf(service);
    if (consumer) consumers.push({ ...consumer, handler: handlerOf(consumer.name) });
  }
  Object.assign(process.env, functionEnvironment(waker.service, stage));
  return { routes, consumers, wakeUps: { ...waker, handler: load(waker.service, waker.name) } };
}

/** Functions that nothing here calls, but those that react to a table's stream or a schedule. */
export function untried(): readonly string[] {
  return services.flatMap((service) => {
    const api = apis.get(service);
    const tried = [...(api ? [...api.routes, ...others(api)] : []), consumerOf(service), waker];
    return [...readFunctions<{ readonly events?: unknown }>(service)]
      .filter(([name]) => !tried.some((one) => one?.name === name))
      .filter(([, { events }]) => !Array.isArray(events) || events.some(takesInput))
      .map(([name]) => name);
  });
}

const takesInput = (event: object): boolean => !('stream' in event || 'schedule' in event);
