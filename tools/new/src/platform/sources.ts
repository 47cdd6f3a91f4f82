import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure } from '../failure.ts';

/** A tracked file of the repository, as it is in the working tree. */
export interface Source {
  /** From the root, with forward slashes. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable: boolean;
}

/** A file of the new platform. */
export type PlatformFile = Source;

/** @throws Failure when the repository is no checkout of git, or git is not installed */
export function readSources(root: string): readonly Source[] {
  return git(root, 'ls-files', '--stage', '-z')
    .split('\0')
    .flatMap((line) => {
      const [, mode, path = ''] = /^(\d+) \S+ \d\t(.+)$/s.exec(line) ?? [];
      const file = join(root, path);
      // A file that is deleted and not committed yet is gone.
      if (mode === undefined || !existsSync(file)) return [];
      return [{ path, content: readFileSync(file), executable: mode === '100755' }];
    });
}

/** What the first commit of the new platform names as its origin: `7e238af`. */
export const revisionOf = (root: string): string => git(root, 'rev-parse', '--short', 'HEAD').trim();

function git(root: string, ...args: readonly string[]): string {
  try {
    return execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26, stdio: 'pipe' });
  } catch (error) {
    const { stderr, message } = Object(error);
    throw new Failure(`A platform is made of what git tracks in ${root}, and git says: ${stderr || message}`);
  }
}
