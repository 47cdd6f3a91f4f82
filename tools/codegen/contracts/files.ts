import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathFrom } from '@orderly/local/paths';
import type { Artefact } from './build.ts';

/** Every file under the folders, with its path from the root; a file stands for itself. */
export function readFiles(root: string, folders: readonly string[]): readonly Artefact[] {
  const filesIn = (folder: string): readonly string[] =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => pathFrom(root, join(entry.parentPath, entry.name)));
  return folders
    .filter((folder) => existsSync(join(root, folder)))
    .flatMap((path) => (statSync(join(root, path)).isFile() ? [path] : filesIn(path)))
    .sort()
    .map((path) => ({ path, content: readFileSync(join(root, path), 'utf8') }));
}

export function writeFiles(root: string, files: readonly Artefact[]): void {
  for (const { path, content } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
}

/** The differences between existing and generated files, one line each. */
export function staleFiles(there: readonly Artefact[], generated: readonly Artefact[]): readonly string[] {
  const wanted = new Map(generated.map(({ path, content }) => [path, content]));
  const found = new Map(there.map(({ path, content }) => [path, content]));
  return [
    ...generated.filter(({ path }) => !found.has(path)).map(({ path }) => `${path} is missing`),
    ...there.filter(({ path }) => !wanted.has(path)).map(({ path }) => `${path} is of no event`),
    ...generated
      .filter(({ path, content }) => found.has(path) && found.get(path) !== content)
      .map(({ path }) => `${path} is not what the source says`),
  ];
}

/** Removes all other files from the folders. */
export function removeOtherFiles(root: string, folders: readonly string[], files: readonly Artefact[]): void {
  const wanted = new Set(files.map(({ path }) => path));
  for (const { path } of readFiles(root, folders)) if (!wanted.has(path)) rmSync(join(root, path));
}
