import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import { bundleAll, type Sources } from './programs.ts';

const FOLDER = join(repositoryRoot, '.orderly', 'cache', 'simulation');
const KEPT_MS = 86_400_000;

/** The bundles in a file, for processes that run them. */
export interface SourcesFile {
  readonly path: string;
  /** Says whether the programs are the same as in another run. */
  readonly hash: string;
}

/** Bundles everything into a file: some seconds. @throws what {@link bundleAll} throws */
export async function writeSources(): Promise<SourcesFile> {
  const text = JSON.stringify(await bundleAll());
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 16);
  const path = join(FOLDER, `${hash}.json`);
  mkdirSync(FOLDER, { recursive: true });
  for (const name of readdirSync(FOLDER)) {
    const old = join(FOLDER, name);
    if (statSync(old).mtimeMs < Date.now() - KEPT_MS) rmSync(old);
  }
  writeFileSync(path, text);
  return { path, hash };
}

export const readSources = (path: string): Sources => JSON.parse(readFileSync(path, 'utf8')) as Sources;
