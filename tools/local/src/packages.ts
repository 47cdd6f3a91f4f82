import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { exclusively } from './exclusively.ts';
import { runFramework } from './framework.ts';
import { folderOf, repositoryRoot, services } from './services.ts';

/** One function as `sls package` leaves it. */
export interface PackagedFunction {
  readonly service: string;
  readonly name: string;
  /** The zip that a deploy uploads, and its size in bytes. */
  readonly zip: string;
  readonly bytes: number;
  /** `<file without extension>.<export>`, relative to the zip. */
  readonly handler: string;
  readonly environment: Readonly<Record<string, string>>;
}

/** A CloudFormation template, as far as its sections have one shape for every resource. */
export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Outputs: Readonly<Record<string, { readonly Value: unknown }>>;
}

export interface TemplateResource {
  readonly Type: string;
  readonly Properties?: Readonly<Record<string, unknown>>;
  readonly DependsOn?: string | readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** What a deploy of a service to a stage hands to AWS. */
export interface ServicePackage {
  readonly service: string;
  readonly stage: string;
  readonly functions: readonly PackagedFunction[];
  readonly template: Template;
  /** The tags that CloudFormation puts on everything in the stack. */
  readonly stackTags: Readonly<Record<string, string>>;
  /** The ARN of the key that encrypts the stage's data; empty where AWS's own do. */
  readonly kmsKey: string;
}

interface ServerlessState {
  readonly service: {
    readonly provider: {
      readonly environment: Readonly<Record<string, string>>;
      readonly stackTags: Readonly<Record<string, string>>;
    };
    readonly custom: { readonly settings: { readonly kmsKey: string } };
    readonly functions: Readonly<Record<string, FunctionState>>;
  };
}

interface FunctionState {
  readonly handler: string;
  readonly environment?: Readonly<Record<string, string>>;
}

const packagesFolder = join(repositoryRoot, '.orderly/packages');

/** The sources of every package; package-lock.json stands for what npm installed. */
const SOURCES = ['package-lock.json', 'tsconfig.json', 'shared'];

const region = process.env.AWS_REGION || 'eu-central-1';

/**
 * prod is not packaged without an issuer, a receiver of alarms and a channel to customers, and its data have a key of their own.
 * These packages are examined and never deployed, so none of them has to exist.
 */
const settingsOfProd = {
  ORDERLY_JWT_ISSUER: 'https://issuer.example.com',
  ORDERLY_JWT_AUDIENCE: 'orderly',
  ORDERLY_KMS_KEY: `arn:aws:kms:${region}:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab`,
  ORDERLY_ALARM_TOPIC: `arn:aws:sns:${region}:111122223333:alarms`,
  ORDERLY_PERMISSIONS_BOUNDARY: 'arn:aws:iam::111122223333:policy/orderly-prod-boundary',
  ORDERLY_CHANNEL: 'ses',
  ORDERLY_MAIL_FROM: 'shop@example.com',
};

const environmentOf = (stage: string): NodeJS.ProcessEnv => {
  const given = Object.entries(process.env).filter(([, value]) => value);
  return stage === 'prod' ? { ...settingsOfProd, ...Object.fromEntries(given) } : process.env;
};

/** A change of any source, or of the environment that serverless.yml may read, is another package. */
const sourcesKey = async (service: string, env: NodeJS.ProcessEnv): Promise<string> => {
  const hash = createHash('sha256');
  for (const source of [...SOURCES, `services/${service}`]) {
    for (const file of await filesUnder(join(repositoryRoot, source))) {
      hash.update(`${file}\0`).update(await readFile(file));
    }
  }
  const read = Object.entries(env).filter(([name]) => /^(ORDERLY_|AWS_REGION$)/.test(name));
  return hash.update(JSON.stringify(read.sort())).digest('hex');
};

const filesUnder = async (path: string): Promise<string[]> => {
  if ((await stat(path)).isFile()) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  const ours = entries.filter(({ name }) => !/^(\..*|node_modules|test)$/.test(name));
  return (await Promise.all(ours.map(({ name }) => filesUnder(join(path, name))))).flat().sort();
};

const readPackage = async (service: string, stage: string, folder: string): Promise<ServicePackage> => {
  const read = async (name: string) => JSON.parse(await readFile(join(folder, name), 'utf8'));
  const state = (await read('serverless-state.json')) as ServerlessState;
  const { provider, custom, functions } = state.service;
  const packaged = Object.entries(functions).map(async ([name, { handler, environment }]) => {
    const zip = join(folder, `${name}.zip`);
    const { size: bytes } = await stat(zip);
    return { service, name, zip, bytes, handler, environment: { ...provider.environment, ...environment } };
  });
  return {
    service,
    stage,
    functions: await Promise.all(packaged),
    template: (await read('cloudformation-template-update-stack.json')) as Template,
    stackTags: provider.stackTags,
    kmsKey: custom.settings.kmsKey,
  };
};

/**
 * Packages services for each stage exactly as a deploy would, into `.orderly/packages/<stage>/<service>`. A package that is
 * there from the same sources is taken as it is.
 *
 * @throws Error with what the command printed when it fails
 */
export const packageServices = (
  stages: readonly string[],
  names: readonly string[] = services,
): Promise<readonly ServicePackage[]> =>
  // One process at a time: serverless-esbuild works in one folder of the service.
  exclusively(join(packagesFolder, 'lock'), async () => {
    const wanted = await Promise.all(
      stages.flatMap((stage) =>
        names.map(async (service) => {
          const env = environmentOf(stage);
          const folder = join(packagesFolder, stage, service);
          const keyFile = join(folder, 'sources.sha256');
          const key = await sourcesKey(service, env);
          const isFresh = (await readFile(keyFile, 'utf8').catch(() => '')) === key;
          return { service, stage, env, folder, keyFile, key, isFresh };
        }),
      ),
    );
    const stale = wanted.filter(({ isFresh }) => !isFresh);
    for (const { folder } of stale) await rm(folder, { recursive: true, force: true });
    const results = await runFramework(
      stale.map(({ service, stage, env, folder }) => {
        const cwd = folderOf(service);
        return { cwd, argv: ['package', '--stage', stage, '--package', relative(cwd, folder)], env };
      }),
    );
    for (const [index, { service, stage, keyFile, key }] of stale.entries()) {
      const { code, stdout, stderr } = results[index] ?? {};
      if (code !== 0) throw new Error(`${service} is not packaged for ${stage}:\n${stdout}${stderr}`);
      await writeFile(keyFile, key);
    }
    return Promise.all(wanted.map(({ service, stage, folder }) => readPackage(service, stage, folder)));
  });
