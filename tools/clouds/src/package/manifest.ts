import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { readVersion } from '@orderly/local/version';
import type { Cloud } from '../bundle.ts';
import { type Lockfile, lockedFor } from './lockfile.ts';

/** Has a folder for each cloud, with the lockfile of what runs locally: a deployed package has the same versions. */
const packageSets = resolve(__dirname, '../..');

/** The one library that a deployed package installs. Everything else is in its bundle. */
const libraries: Readonly<Record<Cloud, string>> = {
  azure: '@azure/functions',
  google: '@google-cloud/functions-framework',
};

/** A deployed stage runs on it: both clouds offer it for functions. */
export const nodeVersion = '22';

/**
 * The package.json and the package-lock.json of a package for a cloud.
 *
 * @param main the file that is loaded
 */
export async function manifestOf(cloud: Cloud, name: string, main: string): Promise<Files> {
  const lockfile = await readFile(join(packageSets, cloud, 'package-lock.json'), 'utf8');
  const version = readVersion();
  const lock = lockedFor(JSON.parse(lockfile) as Lockfile, libraries[cloud], { name, version });
  const { dependencies } = lock.packages[''];
  const engines = { node: nodeVersion };
  return {
    'package.json': json({ name, version, private: true, main, engines, dependencies }),
    'package-lock.json': json(lock),
  };
}

/** The content of files by name. */
export type Files = Readonly<Record<string, string>>;

export const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
