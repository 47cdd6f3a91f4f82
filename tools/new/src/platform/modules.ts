import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Locked {
  readonly link?: true;
  /** The folder of a package of the repository. */
  readonly resolved?: string;
}

/** Another version than the others have, for one package of the repository only. */
const nested = /^((?!node_modules\/).+\/node_modules)\/(?:@[^/]+\/)?[^/]+$/;

/**
 * Gives a copy of a repository the installed packages of that repository, as links. The packages of the copy itself are linked as
 * its package-lock.json says.
 *
 * @param root the repository, installed
 * @param copy the copy, maybe under another name
 * @returns removes the links
 */
export function linkModules(root: string, copy: string): () => void {
  const { name, packages } = readLock(root);
  const made = new Set(['node_modules']);
  for (const [path, { link, resolved = '' }] of Object.entries(readLock(copy).packages)) {
    if (link) linkFolder(join(copy, resolved), join(copy, path));
  }
  for (const path of Object.keys(packages)) {
    const [, folder] = nested.exec(path) ?? [];
    if (folder === undefined || !existsSync(join(root, path))) continue;
    linkFolder(join(root, path), join(copy, path));
    made.add(folder);
  }
  for (const entry of readdirSync(join(root, 'node_modules'), { withFileTypes: true })) {
    if (!entry.isDirectory() || entry.name.startsWith('.') || entry.name === `@${name}`) continue;
    linkFolder(join(root, 'node_modules', entry.name), join(copy, 'node_modules', entry.name));
  }
  return () => {
    for (const folder of made) rmSync(join(copy, folder), { recursive: true });
  };
}

interface Lock {
  readonly name: string;
  readonly packages: Readonly<Record<string, Locked>>;
}

const readLock = (folder: string): Lock =>
  JSON.parse(readFileSync(join(folder, 'package-lock.json'), 'utf8')) as Lock;

/** Windows lets everybody make junctions, which need absolute targets. */
function linkFolder(target: string, path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}
