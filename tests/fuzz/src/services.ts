import { readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type EventDefinition, eventDefinitions } from '@orderly/contracts';
import type { ApiDescription } from '@orderly/functions/http/api-description';
import { type Service, services } from '@orderly/local/packages';
import { apiDescription as inventory } from '../../../services/inventory/src/api/description.ts';
import { apiDescription as notifications } from '../../../services/notifications/src/api/description.ts';
import { apiDescription as orders } from '../../../services/orders/src/api/description.ts';
import { readSubscribers } from '../../../tools/codegen/contracts/subscribers.ts';
import type { Consumer, HttpFunction } from '../../platform/invoke.ts';
import { environmentOf } from './environment.ts';
import type { RouteUnderTest } from './requests.ts';

const root = resolve(__dirname, '../../..');

export interface RouteOf extends RouteUnderTest {
  readonly service: Service;
  readonly handler: HttpFunction;
}

export interface ConsumerOf {
  readonly service: Service;
  readonly name: string;
  /** All events of the topic that it is subscribed to, and those that its subscription asks for. */
  readonly events: readonly EventDefinition[];
  readonly wanted: readonly EventDefinition[];
  readonly handler: Consumer;
}

const apis: Readonly<Record<Service, ApiDescription>> = { orders, inventory, notifications };

/** The function that consumes the subscription of each service. */
const consumers: Readonly<Record<Service, string>> = {
  orders: 'consume-inventory-events',
  inventory: 'consume-order-events',
  notifications: 'consume-order-events',
};

function consumerOf(service: Service): Omit<ConsumerOf, 'handler'> {
  const subscriber = readSubscribers(root).find((one) => one.service === `services/${service}`);
  if (subscriber === undefined) throw new TypeError(`${service} subscribes to nothing`);
  const events = eventDefinitions.filter(({ topic }) => topic === subscriber.topic);
  const wanted = events.filter(({ name }) => subscriber.events.includes(name));
  return { service, name: consumers[service], events, wanted };
}

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
} {
  const routes: RouteOf[] = [];
  const loaded: ConsumerOf[] = [];
  for (const service of services) {
    Object.assign(process.env, environmentOf(service));
    const handlerOf = (name: string) =>
      require(join(root, 'services', service, 'src/functions', `${name}.ts`)).handler;
    for (const description of apis[service].routes) {
      const { route, name, path, query, body } = description;
      routes.push({ service, route, path, query, body: body?.schema, handler: handlerOf(name) });
    }
    for (const { route, name } of others(apis[service]))
      routes.push({ service, route, handler: handlerOf(name) });
    loaded.push({ ...consumerOf(service), handler: handlerOf(consumers[service]) });
  }
  return { routes, consumers: loaded };
}

/** The functions of a service that answer no route and consume no queue. */
const behindTheQueues = ['publish-events', 'count-stuck-orders'];

/** Functions that nothing here calls; a new function has to be named, or tried. */
export function untried(): readonly string[] {
  return services.flatMap((service) => {
    const tried = [
      ...[...apis[service].routes, ...others(apis[service])].map(({ name }) => name),
      consumers[service],
      ...behindTheQueues,
    ];
    return readdirSync(join(root, 'services', service, 'src/functions'))
      .map((file) => file.replace('.ts', ''))
      .filter((name) => !tried.includes(name));
  });
}
