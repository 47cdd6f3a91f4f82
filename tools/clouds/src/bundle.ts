import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';
import { build } from 'esbuild';
import type { FunctionPlan, ServicePlan } from './service-plan.ts';

/** The clouds beside AWS: the conditions of the `imports` in shared/functions/package.json. */
export type Cloud = 'azure' | 'google';

/** What the platforms install beside a bundle, or what is only mentioned. */
const external = [
  '@azure/functions',
  '@azure/functions-core',
  '@google-cloud/functions-framework',
  'pg-native',
];

/** The library that functions are registered with. */
const libraries: Readonly<Record<Cloud, string>> = {
  azure: "import { app as library } from '@azure/functions';",
  google: "import * as library from '@google-cloud/functions-framework';",
};

/** The program of a bundle: it registers each function with its trigger, as the cloud's library wants it. */
const entryOf = (cloud: Cloud, { folder }: ServicePlan, functions: readonly FunctionPlan[]): string => {
  const imports = functions.map(
    ({ file }, at) =>
      `import { handler as handler${at} } from ${JSON.stringify(join(folder, `${file}.ts`))};`,
  );
  const registered = functions.map(
    ({ name, trigger, timeoutSeconds }, at) =>
      `{ ...${JSON.stringify({ name, trigger, timeoutSeconds })}, handler: handler${at} }`,
  );
  const register = join(repositoryRoot, 'shared/functions/src', cloud, 'register.ts');
  return [
    libraries[cloud],
    `import { register } from ${JSON.stringify(register)};`,
    ...imports,
    `register(library, [${registered.join(', ')}]);`,
  ].join('\n');
};

export interface BundleOptions {
  readonly outfile: string;
  /** By default all. What a function writes its service's publisher publishes, so that is always a part. */
  readonly only?: readonly string[];
}

/**
 * Bundles functions of a service for a cloud into one file, as AWS' are: docs/decisions/0002-bundles.md.
 *
 * @returns the files that are in it, from the root of the repository
 * @throws the errors of esbuild, which name the file and line
 */
export const bundleService = async (
  plan: ServicePlan,
  cloud: Cloud,
  { outfile, only }: BundleOptions,
): Promise<readonly string[]> => {
  const functions = plan.functions.filter(
    ({ name, trigger }) => only === undefined || only.includes(name) || trigger.kind === 'publisher',
  );
  const { metafile } = await build({
    stdin: { contents: entryOf(cloud, plan, functions), resolveDir: plan.folder, loader: 'ts' },
    outfile,
    absWorkingDir: repositoryRoot,
    bundle: true,
    minify: true,
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    mainFields: ['module', 'main'],
    conditions: [cloud],
    external,
    logLevel: 'silent',
    metafile: true,
  });
  const [output] = Object.values(metafile.outputs);
  const inputs = Object.entries(output?.inputs ?? {});
  return inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([file]) => file);
};
