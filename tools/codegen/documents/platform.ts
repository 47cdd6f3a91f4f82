import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { ApiDescription } from '@orderly/functions/http/api-description';
import { pathFrom } from '@orderly/local/paths';
import { folderOf, services } from '@orderly/local/services';
import { parse } from 'yaml';
import { type ShownContract, shownContracts } from '../contracts/contract.ts';
import { readersOf, readSubscribers, type Subscriber } from '../contracts/subscribers.ts';

/** The platform, read from its own files. */

export const root = resolve(__dirname, '../../..');

export interface Service {
  readonly name: string;
  /** The topic that it publishes, and its subscription to another one, where it has them. */
  readonly topic: string | undefined;
  readonly subscription: Subscriber | undefined;
}

/** An event with its publisher and subscribers. */
export interface Event extends ShownContract {
  /** `StockReserved`, the same in all versions. */
  readonly name: string;
  readonly description: string;
  readonly publisher: string;
  /** The services of this repository that read it. */
  readonly subscribers: readonly string[];
}

/** The settings of a subscription's queue in this repository that readers need to know. */
export interface QueueSettings {
  readonly visibilityTimeout: number;
  readonly retentionSeconds: number;
  readonly maxReceiveCount: number;
}

/** A route as serverless.yml declares it. */
export interface DeclaredRoute {
  /** `POST /orders/{orderId}/cancel`; `$default` for every path that no other route has. */
  readonly route: string;
  /** The function that answers, and its description. */
  readonly name: string;
  readonly summary: string;
  /** A token must have one of them; empty where no token is required. */
  readonly scopes: readonly string[];
}

interface FunctionYaml {
  readonly description: string;
  readonly events?: unknown;
}

interface HttpApiYaml {
  readonly method: string;
  readonly path: string;
  readonly authorizer: { readonly scopes: readonly string[] };
}

interface ServiceYaml {
  readonly service: string;
  /** Included fragments are strings. */
  readonly functions: readonly (string | Readonly<Record<string, FunctionYaml>>)[];
  readonly custom?: { readonly topic?: string };
}

interface QueueProperties {
  readonly VisibilityTimeout: number;
  readonly MessageRetentionPeriod: number;
  readonly RedrivePolicy: { readonly maxReceiveCount: number };
}

/** CloudFormation's tags (`!GetAtt`) are read as plain values. */
const readYaml = <T>(path: string): T =>
  parse(readFileSync(join(root, path), 'utf8'), { logLevel: 'silent' }) as T;

/** In the order of serverless-compose.yml. */
export function readServices(): readonly Service[] {
  const subscribers = readSubscribers(root);
  return services.map((name) => {
    const path = pathFrom(root, folderOf(name));
    const { custom } = readYaml<ServiceYaml>(`${path}/serverless.yml`);
    const subscription = subscribers.find(({ service }) => service === path);
    return { name, topic: custom?.topic, subscription };
  });
}

/** What every service with an API says of it, in `src/api/description.ts`; by the name of the service. */
export function readApis(): ReadonlyMap<string, ApiDescription> {
  const names = [...services].sort();
  const files = names.map((name) => [name, join(folderOf(name), 'src/api/description.ts')] as const);
  return new Map(
    files
      .filter(([, file]) => existsSync(file))
      .map(([name, file]) => [name, require(file).apiDescription as ApiDescription]),
  );
}

/** The functions of a service, including those of included fragments. */
export function readFunctions<Config = FunctionYaml>(service: string): ReadonlyMap<string, Config> {
  const folder = `services/${service}`;
  const { functions } = readYaml<ServiceYaml>(`${folder}/serverless.yml`);
  return new Map(
    functions.flatMap((part) => {
      const [, fragment] = typeof part === 'string' ? (/^\$\{file\((.+)\)\}$/.exec(part) ?? []) : [];
      const read: unknown = fragment === undefined ? part : readYaml(join(folder, fragment));
      return Object.entries(read as Record<string, Config>);
    }),
  );
}

/** All routes of a service, including those that only refuse. */
export function readRoutes(service: string): readonly DeclaredRoute[] {
  return [...readFunctions(service)].flatMap(([name, { events, description: summary }]) =>
    (Array.isArray(events) ? events : []).flatMap(({ httpApi }: { httpApi?: string | HttpApiYaml }) => {
      if (httpApi === undefined) return [];
      if (typeof httpApi === 'string') {
        return [{ route: httpApi === '*' ? '$default' : httpApi, name, summary, scopes: [] }];
      }
      const { method, path, authorizer } = httpApi;
      return [{ route: `${method} ${path}`, name, summary, scopes: authorizer.scopes }];
    }),
  );
}

/** Whether a route only refuses: other methods on known paths, and unknown paths. */
export const onlyRefuses = ({ route }: DeclaredRoute): boolean => route === '$default';

/** @throws Error for a topic that no service publishes */
export function readEvents(services: readonly Service[]): readonly Event[] {
  return shownContracts().map((contract) => {
    const publisher = services.find(({ topic }) => topic === contract.topic)?.name;
    if (publisher === undefined) throw new Error(`No service publishes ${contract.topic}`);
    return {
      ...contract,
      name: String(contract.schema.title),
      description: String(contract.schema.description),
      publisher,
      subscribers: services
        .filter(({ subscription }) => subscription && readersOf(contract, [subscription]).length > 0)
        .map(({ name }) => name),
    };
  });
}

export function readQueueSettings(): QueueSettings {
  const path = 'shared/serverless/subscription.yml';
  const { Resources } = readYaml<{ Resources: { Subscription: { Properties: QueueProperties } } }>(path);
  const { VisibilityTimeout, MessageRetentionPeriod, RedrivePolicy } = Resources.Subscription.Properties;
  return {
    visibilityTimeout: VisibilityTimeout,
    retentionSeconds: MessageRetentionPeriod,
    maxReceiveCount: RedrivePolicy.maxReceiveCount,
  };
}
