import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { connect, type Endpoints } from '../../aws/protocol/client.ts';
import type { Scope } from './cloudformation.ts';
import { repositoryRoot } from './ports.ts';
import { createResources, planResources } from './resources.ts';

/** A service's serverless.yml with its variables resolved (intrinsic functions are kept). */
export interface ServiceConfig {
  readonly service: string;
  readonly provider: { readonly stage: string; readonly region: string; readonly stackName?: string };
  readonly resources: unknown;
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
  const files = [...(await sources(dir)), ...(await sources(join(repositoryRoot, 'shared', 'serverless')))];
  const hash = createHash('sha256').update(`${dir}\0${stage}\0`);
  for (const file of files.sort()) hash.update(await readFile(file));
  const ours = Object.entries(process.env).filter(([name]) => name.startsWith('ORDERLY_'));
  return hash.update(JSON.stringify(ours.sort())).digest('hex').slice(0, 32);
};

const print = async (dir: string, stage: string): Promise<string> => {
  const argv = [serverlessBin(), 'print', '--format', 'json', '--stage', stage];
  const { stdout } = await promisify(execFile)(process.execPath, argv, {
    cwd: dir,
    maxBuffer: 32 * 1024 ** 2,
  });
  return stdout;
};

/**
 * A service's configuration as `sls print` resolves it: about 2 s the first time, then from
 * `.orderly/cache` until the service's YAML, a shared fragment or a plugin changes.
 * @param dir absolute path of the folder with serverless.yml
 * @throws Error with the CLI's output when serverless.yml is not valid
 */
export const serviceConfig = async (dir: string, stage = 'dev'): Promise<ServiceConfig> => {
  const folder = join(repositoryRoot, '.orderly', 'cache');
  const file = join(folder, `${await cacheKey(dir, stage)}.json`);
  const cached = await readFile(file, 'utf8').catch(() => undefined);
  if (cached !== undefined) return JSON.parse(cached) as ServiceConfig;
  const text = await print(dir, stage);
  await mkdir(folder, { recursive: true });
  const own = `${file}.${process.pid}`;
  await writeFile(own, text);
  await rename(own, file);
  return JSON.parse(text) as ServiceConfig;
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
  const { dir, endpoints, stage = 'dev', visibilityTimeout } = options;
  const { service, provider, resources } = await serviceConfig(dir, stage);
  const stack = provider.stackName ?? `${service}-${stage}`;
  const common = { region: provider.region, stack, sqsEndpoint: endpoints.sqs };
  const client = connect(endpoints, provider.region);
  try {
    return await createResources(planResources(resources, { ...common, visibilityTimeout }), client.call);
  } finally {
    client.close();
  }
};
