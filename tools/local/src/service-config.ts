import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { connect, type Endpoints } from '../../aws/protocol/client.ts';
import type { Scope } from './cloudformation.ts';
import { runFramework } from './framework.ts';
import { createResources, planResources } from './resources.ts';
import { composeServices, repositoryRoot } from './services.ts';

/** A service's serverless.yml with its variables resolved (intrinsic functions are kept). */
export interface ServiceConfig {
  readonly service: string;
  readonly provider: {
    readonly stage: string;
    readonly region: string;
    readonly stackName?: string;
    /** Seconds. */
    readonly timeout: number;
    readonly environment: Readonly<Record<string, string>>;
    /** Where the stage has an issuer. */
    readonly httpApi?: { readonly authorizers?: { readonly jwt?: { readonly audience: string } } };
  };
  readonly functions: Readonly<Record<string, unknown>>;
  readonly resources: unknown;
  readonly custom: unknown;
}

/** The program behind `sls`, to be run by Node without a shell or npx in between. */
export const serverlessBin = (): string => createRequire(__filename).resolve('serverless/bin/serverless.js');

/** What a configuration is made of. */
const sources = async (folder: string): Promise<string[]> => {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => /\.(ya?ml|cjs)$/.test(name)).map((name) => join(folder, name));
};

/** A change of any fragment, or of the environment that fragments may read, is another configuration. */
const cacheKey = async (dir: string, stage: string): Promise<string> => {
  const shared = join(repositoryRoot, 'shared', 'serverless');
  const files = (await Promise.all([dir, shared, join(shared, 'plugin')].map(sources))).flat();
  const hash = createHash('sha256').update(`${dir}\0${stage}\0`);
  for (const file of files.sort()) hash.update(await readFile(file));
  const ours = Object.entries(process.env).filter(([name]) => name.startsWith('ORDERLY_'));
  return hash.update(JSON.stringify(ours.sort())).digest('hex').slice(0, 32);
};

const cacheFile = async (dir: string, stage: string): Promise<string> =>
  join(repositoryRoot, '.orderly', 'cache', `${await cacheKey(dir, stage)}.json`);

/** Prints the configurations that the cache lacks. @throws Error with what the framework printed */
const printAll = async (dirs: readonly string[], stage: string): Promise<void> => {
  const files = await Promise.all(dirs.map(async (dir) => ({ dir, file: await cacheFile(dir, stage) })));
  const missing = files.filter(({ file }) => !existsSync(file));
  const argv = ['print', '--format', 'json', '--stage', stage];
  // The environment that is a part of the key: in Jest, that of a child is another one.
  const { env } = process;
  const results = await runFramework(missing.map(({ dir }) => ({ cwd: dir, argv, env })));
  await mkdir(join(repositoryRoot, '.orderly', 'cache'), { recursive: true });
  for (const [index, { dir, file }] of missing.entries()) {
    const { code, stdout, stderr } = results[index] ?? {};
    if (code !== 0) throw new Error(`sls print in ${dir} failed:\n${stdout}${stderr}`);
    const own = `${file}.${process.pid}`;
    await writeFile(own, stdout ?? '');
    await rename(own, file);
  }
};

/** Calls at once would print the same files. */
let lastPrint: Promise<unknown> = Promise.resolve();

/**
 * A service's configuration as `sls print` resolves it: some seconds the first time, then from `.orderly/cache` until the
 * service's YAML, a shared fragment or the plugin changes.
 * @param dir absolute path of the folder with serverless.yml
 * @throws Error with the framework's output when serverless.yml is not valid
 */
export const serviceConfig = async (dir: string, stage = 'dev'): Promise<ServiceConfig> => {
  const file = await cacheFile(dir, stage);
  const print = lastPrint.then(async () => {
    if (existsSync(file)) return;
    // The other services take little more time in the same process, and are asked for soon.
    const all = [...composeServices().values()];
    await printAll(all.includes(dir) ? all : [dir], stage);
  });
  lastPrint = print.catch(() => undefined);
  await print;
  return JSON.parse(await readFile(file, 'utf8')) as ServiceConfig;
};

/**
 * For integration tests: creates a service's real tables and queues from its serverless.yml.
 * @returns what `Ref` and `Fn::GetAtt` of each resource stand for, e.g.
 *   `scope.resources.get('OrdersTable')?.ref` is the table's name
 */
export const createServiceResources = async (options: {
  readonly dir: string;
  readonly endpoints: Endpoints;
  readonly stage?: string;
  readonly visibilityTimeout?: number;
}): Promise<Scope> => {
  const { dir, stage = 'dev', ...rest } = options;
  const { service, provider, resources } = await serviceConfig(dir, stage);
  const stack = provider.stackName ?? `${service}-${stage}`;
  return createStackResources(resources, { ...rest, region: provider.region, stack });
};

/** The tables and queues of a template, which may be one that `sls package` made. */
export const createStackResources = async (
  template: unknown,
  options: {
    readonly endpoints: Endpoints;
    readonly region: string;
    readonly stack: string;
    readonly visibilityTimeout?: number;
  },
): Promise<Scope> => {
  const { endpoints, region, stack, visibilityTimeout } = options;
  const client = connect(endpoints, region);
  try {
    const plan = planResources(template, { region, stack, sqsEndpoint: endpoints.sqs, visibilityTimeout });
    return await createResources(plan, client.call);
  } finally {
    client.close();
  }
};
