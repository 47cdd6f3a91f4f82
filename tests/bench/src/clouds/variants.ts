import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleService, type Cloud } from '@orderly/clouds/bundle';
import { installed } from '@orderly/clouds/install';
import { type ServicePlan, servicePlans } from '@orderly/clouds/service-plan';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { build } from 'esbuild';
import { runtimeEnvironment } from '../run-function.ts';

/** What a cloud loads in a new container. */
export interface Variant {
  readonly name: string;
  /** In the order in which they are loaded; the last one is ours. */
  readonly files: readonly [string, ...string[]];
  readonly environment: Readonly<Record<string, string>>;
}

/** Google's framework is a server, which its main module does not load yet. */
const libraries: Readonly<Record<Cloud, string>> = {
  azure: '@azure/functions',
  google: '@google-cloud/functions-framework/testing',
};
const packages: Readonly<Record<Cloud, string>> = {
  azure: '@azure/functions',
  google: '@google-cloud/functions-framework',
};

/** Nothing is called while a function loads. */
const nowhere = 'http://127.0.0.1:1';
const environment = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
  SERVICE_BUS_ENDPOINT: nowhere,
  ...{
    GOOGLE_CLOUD_PROJECT: 'none',
    PUBSUB_ENDPOINT: nowhere,
    SERVICE_ACCOUNT: 'none',
    TOKEN_AUDIENCE: 'none',
  },
};

const libraryFile = (cloud: Cloud, folder: string): string => join(folder, cloud, 'library.cjs');

async function libraryOf(cloud: Cloud, folder: string): Promise<Variant> {
  const file = libraryFile(cloud, folder);
  await writeFile(file, `require('${libraries[cloud]}');\n`);
  return { name: `${packages[cloud]} alone`, files: [file], environment: {} };
}

async function bundleOf(cloud: Cloud, plan: ServicePlan, folder: string, only?: string): Promise<Variant> {
  const outfile = join(folder, cloud, `${plan.name}-${only ?? 'all'}.cjs`);
  await bundleService(plan, cloud, { outfile, ...(only && { only: [only] }) });
  const what = only === undefined ? 'all functions' : only;
  return {
    name: `${cloud}: ${what} of ${plan.name}, with the library`,
    files: [libraryFile(cloud, folder), outfile],
    environment: { ...plan.environment, ...environment },
  };
}

async function lambdaOf(plan: ServicePlan, name: string, folder: string): Promise<Variant> {
  const outfile = join(folder, 'aws', `${name}.js`);
  const entryPoints = [join(plan.folder, 'src/functions', `${name}.ts`)];
  await build({ ...ourOptions(), entryPoints, outfile });
  const variables = { ...plan.environment, ...runtimeEnvironment };
  return { name: `aws: ${name} of ${plan.name}`, files: [outfile], environment: variables };
}

/**
 * One function as each cloud gets it. AWS and Google have a bundle for each function, Azure one for all of a service.
 *
 * @param folder an empty one
 */
export async function variantsIn(folder: string): Promise<readonly Variant[]> {
  const [orders] = await servicePlans();
  if (orders === undefined) throw new Error('There is no service');
  const function_ = 'place-order';
  for (const cloud of ['azure', 'google'] as const) {
    const require = await installed(cloud);
    const [modules = ''] = require.resolve(packages[cloud]).split(`${packages[cloud]}/`);
    await mkdir(join(folder, cloud), { recursive: true });
    await symlink(modules, join(folder, cloud, 'node_modules'), 'dir');
  }
  return [
    await lambdaOf(orders, function_, folder),
    await libraryOf('azure', folder),
    await bundleOf('azure', orders, folder),
    await libraryOf('google', folder),
    await bundleOf('google', orders, folder, function_),
  ];
}
