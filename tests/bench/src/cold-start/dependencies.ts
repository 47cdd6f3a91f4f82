import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

const root = resolve(__dirname, '../../../..');

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** The folder of a package as seen from a file; packages may hide their package.json, so it is looked for by hand. */
function folderOf(name: string, from: string): string {
  const places = createRequire(from).resolve.paths(name) ?? [];
  for (const place of places) {
    const folder = join(place, name);
    try {
      readFileSync(join(folder, 'package.json'));
      return folder;
    } catch {
      // It is further up.
    }
  }
  throw new Error(`There is no package ${name}; run npm ci`);
}

function closure(name: string, from: string, found: Set<string>): Set<string> {
  const folder = folderOf(name, from);
  if (found.has(folder)) return found;
  found.add(folder);
  const manifest = join(folder, 'package.json');
  const { dependencies = {} } = JSON.parse(readFileSync(manifest, 'utf8')) as Manifest;
  for (const dependency of Object.keys(dependencies)) closure(dependency, manifest, found);
  return found;
}

/**
 * Every file that `npm install` of a package puts into node_modules, as name and path.
 *
 * @throws Error when the package or one that it needs is not installed
 */
export async function dependenciesOf(name: string): Promise<readonly (readonly [string, string])[]> {
  const folders = [...closure(name, join(root, 'package.json'), new Set())];
  const lists = await Promise.all(
    folders.map(async (folder) => {
      const entries = await readdir(folder, { recursive: true, withFileTypes: true });
      return entries
        .filter((entry) => entry.isFile())
        .map((entry) => join(entry.parentPath, entry.name))
        .filter((path) => !relative(folder, dirname(path)).split('/').includes('node_modules'));
    }),
  );
  return lists.flat().map((path) => [relative(root, path), path] as const);
}
