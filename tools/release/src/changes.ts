import { execFileSync } from 'node:child_process';

/**
 * The files in which a commit and the one that is checked out in `root` differ: changed, added, removed, or under
 * another name.
 *
 * @returns undefined when the repository does not have the commit (rewritten history, shallow clone)
 */
export function changedSince(root: string, commit: string): readonly string[] | undefined {
  const git = (...args: readonly string[]) =>
    execFileSync('git', args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  if (!/^[0-9a-f]{40}$/.test(commit)) return undefined;
  try {
    git('cat-file', '-e', `${commit}^{commit}`);
  } catch {
    return undefined;
  }
  const names = git('diff', '--name-only', '--no-renames', '-z', commit, 'HEAD');
  return names.split('\0').filter((name) => name !== '');
}
