import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { localSettings } from '@orderly/local/local-settings';
import { repositoryRoot } from '@orderly/local/services';
import { startAzure } from './azure/platform.ts';
import { bundleService, type Cloud } from './bundle.ts';
import type { OnMessage, RunningCloud } from './cloud.ts';
import { startGoogle } from './google/platform.ts';
import { migrate } from './postgres/migrate.ts';
import { type PostgresServer, startPostgres } from './postgres/server.ts';
import { type ServicePlan, servicePlans } from './service-plan.ts';

export interface CloudPlatformOptions {
  readonly cloud: Cloud;
  readonly stage?: string;
  /** Callers need tokens of this issuer. */
  readonly issuer?: { readonly url: string; readonly audience: string };
  readonly portOf?: (service: string) => number;
  readonly onLine?: (service: string, line: string) => void;
  /** Gets every message of every topic, as a further subscriber does that wants all: those of a subject in their order. */
  readonly onMessage?: OnMessage;
  /** Gets each step of the start that is done. */
  readonly onStep?: (step: string) => void;
}

export interface CloudPlatform extends RunningCloud {
  readonly cloud: Cloud;
  readonly stage: string;
  readonly postgres: PostgresServer;
  /** The database of a service. */
  databaseOf(service: string): string;
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
  onMessage,
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
      onMessage,
    });
    return {
      ...running,
      cloud,
      stage,
      postgres,
      databaseOf: (service) => found(databases, service),
      async stop() {
        await running.stop();
        await postgres.stop();
      },
    };
  } catch (error) {
    await postgres.stop();
    throw error;
  }
};
