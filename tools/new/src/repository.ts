import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventDefinitions } from '@orderly/contracts';
import { repositoryRoot } from '@orderly/local/services';
import { readReleases } from '../../codegen/contracts/released.ts';
import { openDocument } from '../../codegen/documents/openapi-document.ts';
import { exampleOf, operations } from '../../codegen/documents/operations.ts';
import {
  type DeclaredRoute,
  readFunctions,
  readRoutes,
  readServices,
  type Service,
} from '../../codegen/documents/platform.ts';
import { Failure, UsageFailure } from './failure.ts';

/** An event of the platform. */
export interface KnownEvent {
  readonly name: string;
  readonly topic: string;
  /** `orderly.order.placed.v1` */
  readonly type: string;
}

/** The repository that is generated into, read from its own files. */
export interface Repository {
  readonly root: string;
  /** In the order of serverless-compose.yml. */
  readonly services: readonly Service[];
  readonly events: readonly KnownEvent[];
  /** The topics with released events. */
  readonly releasedTopics: ReadonlySet<string>;
  /** The packages in `@orderly`, by their names without it. */
  readonly packages: ReadonlySet<string>;
  /** @throws Failure that names a file that is not there */
  read(path: string): string;
  /** The names of a service's functions, included fragments too. */
  functions(service: string): ReadonlySet<string>;
  routes(service: string): readonly DeclaredRoute[];
  /** The parameters of a route's path in its documented example. */
  examplePath(service: string, route: string): Readonly<Record<string, string>>;
}

export function readRepository(): Repository {
  const root = repositoryRoot;
  const read = (path: string): string => {
    if (!existsSync(join(root, path))) throw new Failure(`${path} is missing in ${root}`);
    return readFileSync(join(root, path), 'utf8');
  };
  const locked: object = JSON.parse(read('package-lock.json')).packages;
  return {
    root,
    services: readServices(),
    events: eventDefinitions.map(({ name, topic, type }) => ({ name, topic, type })),
    releasedTopics: new Set(readReleases(root).map(({ topic }) => topic)),
    packages: new Set(
      Object.keys(locked).flatMap((key) => /^node_modules\/@orderly\/([^/]+)$/.exec(key)?.[1] ?? []),
    ),
    read,
    functions: (service) => new Set(readFunctions(service).keys()),
    routes: readRoutes,
    examplePath(service, route) {
      const document = openDocument(service);
      const operation = operations(document).find((one) => one.route === route);
      return operation === undefined ? {} : exampleOf(document, operation).path;
    },
  };
}

/** @throws UsageFailure that lists the services when there is none of this name */
export function serviceNamed({ services }: Repository, name: string): Service {
  const service = services.find((one) => one.name === name);
  if (service === undefined) {
    throw new UsageFailure(
      `There is no service ${name}; there are ${services.map((one) => one.name).join(', ')}`,
    );
  }
  return service;
}

/**
 * The events of these names, all of one topic.
 *
 * @param topic the topic that they have to be of, where that is known
 * @throws UsageFailure for an unknown topic, and that names the events that are not of it
 */
export function eventsNamed(
  { events }: Repository,
  names: readonly string[],
  topic: string | undefined,
): { readonly topic: string; readonly events: readonly KnownEvent[] } {
  const topics = [...new Set(events.map((event) => event.topic))];
  if (topic !== undefined && !topics.includes(topic)) {
    throw new UsageFailure(`There is no topic ${topic} with events; there are ${topics.join(', ')}`);
  }
  const unknown = names.filter((name) => !events.some((event) => event.name === name));
  const known = events.filter((event) => topic === undefined || event.topic === topic);
  if (unknown.length > 0) {
    const all = [...new Set(known.map(({ name }) => name))].join(', ');
    throw new UsageFailure(`There is no event ${unknown.join(', ')}; there are ${all}`);
  }
  const found = [...new Set(names)].flatMap((name) => known.findLast((event) => event.name === name) ?? []);
  const [of = ''] = topic === undefined ? found.map((event) => event.topic) : [topic];
  const others = names.filter((name) => !found.some((event) => event.name === name && event.topic === of));
  if (others.length > 0)
    throw new UsageFailure(`${others.join(', ')} is not of ${of}: a subscription has one topic`);
  return { topic: of, events: found };
}
