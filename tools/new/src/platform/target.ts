import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, relative } from 'node:path';
import { UsageFailure } from '../failure.ts';

/**
 * @param root the repository
 * @param to where the new platform goes, absolute
 * @throws UsageFailure for a folder that has something in it, a file, or a place inside the repository
 */
export function checkTarget(root: string, to: string): void {
  const way = relative(realpathSync(root), real(to));
  if (way === '' || !(way.startsWith('..') || isAbsolute(way))) {
    throw new UsageFailure(
      `${to} is inside this repository: a platform needs a folder of its own, beside it`,
    );
  }
  if (!existsSync(to)) return;
  if (!statSync(to).isDirectory()) throw new UsageFailure(`${to} is a file`);
  if (readdirSync(to).length > 0) throw new UsageFailure(`${to} is not empty`);
}

/** The real path, also of what does not exist yet. */
const real = (path: string): string =>
  existsSync(path) ? realpathSync(path) : join(real(dirname(path)), basename(path));
