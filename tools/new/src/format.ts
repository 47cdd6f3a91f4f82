import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';
import { Failure } from './failure.ts';
import type { PlannedFile } from './plan.ts';

const formatted = /\.(ts|json)$/;

/**
 * TypeScript and JSON as `npm run format` leaves them, imports sorted: the names in a template decide where its lines end.
 *
 * @throws Failure with what the formatter says when it cannot read a file
 */
export function format(files: readonly PlannedFile[]): readonly PlannedFile[] {
  if (!files.some(({ path }) => formatted.test(path))) return files;
  const folder = mkdtempSync(join(tmpdir(), 'orderly-new-'));
  try {
    copyFileSync(join(repositoryRoot, 'biome.json'), join(folder, 'biome.json'));
    for (const { path, content } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), content);
    }
    biome(folder);
    return files.map(({ path }) => ({ path, content: readFileSync(join(folder, path), 'utf8') }));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function biome(folder: string): void {
  const program = require.resolve('@biomejs/biome/bin/biome', { paths: [repositoryRoot] });
  const options = ['check', '--write', '--linter-enabled=false', '--vcs-enabled=false', '.'];
  try {
    execFileSync(process.execPath, [program, ...options], { cwd: folder, stdio: 'pipe' });
  } catch (error) {
    throw new Failure(`The formatter refuses what was generated:\n${Object(error).stderr}`);
  }
}
