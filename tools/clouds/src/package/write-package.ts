import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundleService, type Cloud } from '../bundle.ts';
import type { ServicePlan } from '../service-plan.ts';
import { azureApp, azureBundle } from './azure-app.ts';
import { googleBundle, googleFunction } from './google-function.ts';
import type { Files } from './manifest.ts';

/** A folder that is deployed as a whole. */
export interface Package {
  readonly folder: string;
  readonly service: string;
  /** Those that it is deployed for: all of a service, or one. */
  readonly functions: readonly string[];
  readonly bytes: number;
}

async function writeFiles(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
}

async function bytesOf(folder: string): Promise<number> {
  const names = await readdir(folder);
  const sizes = await Promise.all(names.map(async (name) => (await stat(join(folder, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

const namesOf = ({ functions }: ServicePlan): readonly string[] => [
  ...new Set(functions.map(({ name }) => name)),
];

/**
 * Writes what is deployed of a service: for Azure one folder, for Google one for each function. The same sources and
 * settings make the same bytes. What was there of the service is removed.
 *
 * @param out its folder is `<out>/<cloud>/<service>`
 */
export async function writePackages(
  plan: ServicePlan,
  cloud: Cloud,
  out: string,
): Promise<readonly Package[]> {
  const root = join(out, cloud, plan.name);
  await rm(root, { recursive: true, force: true });
  return cloud === 'azure' ? [await writeApp(plan, root)] : writeFunctions(plan, root);
}

async function writeApp(plan: ServicePlan, folder: string): Promise<Package> {
  await writeFiles(folder, await azureApp(plan));
  await bundleService(plan, 'azure', { outfile: join(folder, azureBundle) });
  return { folder, service: plan.name, functions: namesOf(plan), bytes: await bytesOf(folder) };
}

async function writeFunctions(plan: ServicePlan, root: string): Promise<readonly Package[]> {
  const packages: Package[] = [];
  for (const name of namesOf(plan)) {
    const folder = join(root, name);
    await writeFiles(folder, await googleFunction(plan, name));
    await bundleService(plan, 'google', { outfile: join(folder, googleBundle), only: [name] });
    packages.push({ folder, service: plan.name, functions: [name], bytes: await bytesOf(folder) });
  }
  return packages;
}
