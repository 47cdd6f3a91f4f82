import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

/** The folder that holds serverless-compose.yml, services/ and .orderly/. */
export const repositoryRoot = resolve(__dirname, '../../..');

/**
 * The services of serverless-compose.yml, in its order: name to folder (absolute).
 * @throws Error that names the file when it is missing or lists no service with a path
 */
export const composeServices = (root = repositoryRoot): ReadonlyMap<string, string> => {
  const file = join(root, 'serverless-compose.yml');
  const document: unknown = parse(readFileSync(file, 'utf8'));
  const services = Object(Object(document).services) as Record<string, unknown>;
  const found = new Map<string, string>();
  for (const [name, service] of Object.entries(services)) {
    const path: unknown = Object(service).path;
    if (typeof path !== 'string') throw new Error(`${file}: the service "${name}" has no path.`);
    found.set(name, resolve(root, path));
  }
  if (found.size === 0) throw new Error(`${file} lists no services.`);
  return found;
};

/** The names of this repository's services, in the order of serverless-compose.yml. */
export const services: readonly string[] = [...composeServices().keys()];

/** The folder of a service. @throws Error for a name that serverless-compose.yml does not list */
export const folderOf = (service: string): string => {
  const folder = composeServices().get(service);
  if (folder === undefined) throw new Error(`serverless-compose.yml lists no service ${service}`);
  return folder;
};
