import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { localSettings } from '@orderly/local/local-settings';
import { repositoryRoot } from '@orderly/local/services';
import { startAzure } from './azure/platform.ts';
import { bundleService, type Cloud } from './bundle.ts';
import type { CloudWatch, RunningCloud } from './cloud.ts';
import { type DeclaredService, declaredServices } from './declared.ts';
import { startGoogle } from './google/platform.ts';
import { migrate } from './postgres/migrate.ts';
import { type PostgresServer, startPostgres } from './postgres/server.ts';
import { type ItemsPage, type ItemsRequest, StoredItems, type TableFacts } from './postgres/stored-items.ts';
import { type ServicePlan, servicePlans } from './service-plan.ts';

export interface CloudPlatformOptions {
  readonly cloud: Cloud;
  readonly stage?: string;
  /** Callers need tokens of this issuer. */
  readonly issuer?: { readonly url: string; readonly audience: string };
  readonly portOf?: (service: string) => number;
  readonly onLine?: (service: string, line: string) => void;
  readonly watch?: CloudWatch;
  /** Gets each step of the start that is done. */
  readonly onStep?: (step: string) => void;
}

export interface CloudPlatform extends RunningCloud {
  readonly cloud: Cloud;
  readonly stage: string;
  readonly postgres: PostgresServer;
  /** The database of a service. */
  databaseOf(service: string): string;
  tables(): Promise<readonly TableFacts[]>;
  /** Items of a service's table. @returns undefined for a table or index that there is not */
  items(table: string, request: ItemsRequest): Promise<ItemsPage | undefined>;
  readonly declared: readonly DeclaredService[];
}

/** Databases of services, up to date. */
const prepareDatabases = async (
  postgres: PostgresServer,
  plans: readonly ServicePlan[],
): Promise<ReadonlyMap<string, string>> => {
  const prepare = async ({ name, stage, table }: ServicePlan): Promise<readonly [string, string]> => {
    const url = await postgres.createDatabase(`${stage}-${name}`);
    const indexes = table.indexes.map(({ sort = 'pk', ...index }) => ({ ...index, sort }));
    await migrate(url, [{ name: table.name, indexes }]);
    return [name, url];
  };
  return new Map(await Promise.all(plans.map(prepare)));
};

const bundleAll = async (
  cloud: Cloud,
  plans: readonly ServicePlan[],
): Promise<ReadonlyMap<string, string>> => {
  const bundle = async (plan: ServicePlan): Promise<readonly [string, string]> => {
    const folder = join(repositoryRoot, '.orderly', 'clouds', `${cloud}-${plan.stage}`, plan.name);
    await mkdir(folder, { recursive: true });
    const outfile = join(folder, 'index.cjs');
    await bundleService(plan, cloud, { outfile });
    return [plan.name, outfile];
  };
  return new Map(await Promise.all(plans.map(bundle)));
};

/** @throws Error for a service that was not started */
const found = <T>(all: ReadonlyMap<string, T>, service: string): T => {
  const value = all.get(service);
  if (value === undefined) throw new Error(`There is no service ${service}`);
  return value;
};

const clouds = { azure: startAzure, google: startGoogle };

/**
 * Starts the whole platform on a cloud's own libraries, with a stand-in of its broker and a PostgreSQL, on 127.0.0.1.
 *
 * @throws Error when a part of it does not start; what was started has ended then
 */
export const startCloudPlatform = async ({
  cloud,
  stage = 'dev',
  issuer,
  portOf = () => 0,
  onLine = () => undefined,
  watch,
  onStep = () => undefined,
}: CloudPlatformOptions): Promise<CloudPlatform> => {
  if (issuer) {
    process.env.ORDERLY_JWT_ISSUER = issuer.url;
    process.env.ORDERLY_JWT_AUDIENCE = issuer.audience;
  }
  const plans = await servicePlans(stage);
  const postgres = await startPostgres();
  try {
    onStep('PostgreSQL answers');
    const [databases, bundles] = await Promise.all([
      prepareDatabases(postgres, plans),
      bundleAll(cloud, plans),
    ]);
    onStep('the functions are bundled');
    const environments = new Map(plans.map(({ name, environment }) => [name, environment]));
    const running = await clouds[cloud]({
      plans,
      bundleOf: (service) => found(bundles, service),
      environmentOf: (service) => ({
        ...found(environments, service),
        ...localSettings,
        DATABASE_URL: found(databases, service),
        ...(issuer && { JWT_ISSUER: issuer.url, JWT_AUDIENCE: issuer.audience }),
      }),
      portOf,
      onLine,
      ...(watch && { watch }),
    });
    const stores = new Map(
      plans.map(({ name, table }) => [table.name, new StoredItems(found(databases, name), table.name)]),
    );
    return {
      ...running,
      get services() {
        return running.services;
      },
      cloud,
      stage,
      postgres,
      databaseOf: (service) => found(databases, service),
      tables: () => Promise.all([...stores.values()].map((store) => store.describe())),
      items: async (table, request) => stores.get(table)?.page(request),
      declared: declaredServices(plans),
      async stop() {
        await running.stop();
        await Promise.all([...stores.values()].map((store) => store.close()));
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
};
