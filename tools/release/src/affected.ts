import type { Service } from './services.ts';

/** What all services are made with, beside their own folders. */
const ofEveryService = ['shared/serverless/', 'package.json', 'package-lock.json', 'tsconfig.json'];

/** Documents and tests are deployed nowhere. */
const isDeployed = (file: string) => !file.endsWith('.md') && !/(^|\/)(docs|test)\//.test(file);

/**
 * The changed files that are a reason to deploy a service. Rather one too many: a deploy that finds nothing new
 * changes nothing.
 *
 * @param files relative to the root of the repository
 */
export function reasonsToDeploy({ folders }: Service, files: readonly string[]): readonly string[] {
  const paths = [...ofEveryService, ...folders];
  return files
    .filter(isDeployed)
    .filter((file) => paths.some((path) => (path.endsWith('/') ? file.startsWith(path) : file === path)));
}
