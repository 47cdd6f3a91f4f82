import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { Failure } from '../failure.ts';
import type { PlatformFile } from './sources.ts';

/** The branch of what comes from the repository that a platform was made of. */
export const upstreamBranch = 'upstream';

/** Of a git that runs this, as for a hook: they would lead to its repository. */
const environment = (): NodeJS.ProcessEnv =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));

/**
 * Makes a folder a repository with everything in one commit, on `main` and `upstream`.
 *
 * @throws Failure with what git says
 */
export async function commitAll(
  folder: string,
  message: string,
  files: readonly PlatformFile[],
  signal: AbortSignal,
): Promise<void> {
  const git = (...args: readonly string[]) => run(folder, args, signal);
  await git('init', '--quiet', '--initial-branch=main');
  await git('add', '--all');
  const executables = files.flatMap(({ path, executable }) => (executable ? [path] : []));
  // Windows has no such permission in its files.
  if (executables.length > 0) await git('update-index', '--chmod=+x', ...executables);
  const author = await authorOptions(git);
  await git(
    ...author,
    '-c',
    'commit.gpgsign=false',
    'commit',
    '--quiet',
    '--no-verify',
    '--message',
    message,
  );
  await git('branch', upstreamBranch);
}

/** Somebody who has not told git a name yet gets the commit all the same. */
async function authorOptions(
  git: (...args: readonly string[]) => Promise<unknown>,
): Promise<readonly string[]> {
  try {
    await git('var', 'GIT_COMMITTER_IDENT');
    return [];
  } catch {
    return ['-c', 'user.name=npm run new', '-c', 'user.email=new@localhost'];
  }
}

async function run(cwd: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)('git', [...args], { cwd, signal, env: environment(), maxBuffer: 2 ** 24 });
  } catch (error) {
    const { stderr, message } = Object(error);
    throw new Failure(`git ${args[0]} failed, so nothing was made:\n${stderr || message}`);
  }
}
