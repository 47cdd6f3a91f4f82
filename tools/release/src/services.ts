import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathFrom } from '@orderly/local/paths';
import { composeServices } from '@orderly/local/services';

/** A service that is deployed, with the folders whose files are in its bundles: `services/orders/`, `shared/functions/`. */
export interface Service {
  readonly name: string;
  readonly folders: readonly string[];
}

interface Workspace {
  readonly name: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));

/** The workspaces of the monorepo in `root`, by name, each with its folder. */
function workspaces(root: string): ReadonlyMap<string, Workspace & { readonly folder: string }> {
  const patterns: readonly string[] = json(join(root, 'package.json')).workspaces;
  const folders = patterns.flatMap((pattern) => {
    const parent = pattern.replace(/\/\*$/, '');
    return parent === pattern
      ? [pattern]
      : readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  });
  return new Map(
    folders
      .filter((folder) => existsSync(join(root, folder, 'package.json')))
      .map((folder) => [folder, json(join(root, folder, 'package.json')) as Workspace] as const)
      .map(([folder, workspace]) => [workspace.name, { ...workspace, folder }]),
  );
}

/**
 * The services in `root`, from its serverless-compose.yml. Development dependencies do not count: what of them
 * makes a template is in shared/serverless, which all services share.
 *
 * @throws Error when a service's folder is no workspace
 */
export function readServices(root: string): readonly Service[] {
  const all = workspaces(root);
  return [...composeServices(root)].map(([name, absolute]) => {
    const path = pathFrom(root, absolute);
    const workspace = [...all.values()].find(({ folder }) => folder === path);
    if (!workspace)
      throw new Error(`The service ${name} is in ${path}, which is no workspace of package.json`);
    const seen = new Set<string>();
    const follow = ({ folder, dependencies = {} }: Omit<Workspace, 'name'> & { readonly folder: string }) => {
      if (seen.has(folder)) return;
      seen.add(folder);
      for (const dependency of Object.keys(dependencies)) {
        const next = all.get(dependency);
        if (next) follow(next);
      }
    };
    follow(workspace);
    return { name, folders: [...seen].map((folder) => `${folder}/`) };
  });
}
