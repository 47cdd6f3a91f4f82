import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { Failure, UsageFailure } from '../failure.ts';
import { capital } from '../names.ts';
import { commitAll } from './git.ts';
import { linkModules } from './modules.ts';
import { checkPlatformName } from './name.ts';
import { snippetFolder, snippetsOf, withSnippets } from './snippets.ts';
import { type PlatformFile, readSources, revisionOf } from './sources.ts';
import { checkTarget } from './target.ts';
import { ownName, platformFiles } from './transform.ts';

export interface PlatformOrder {
  /** The repository that it is made of, installed. */
  readonly root: string;
  readonly name: string;
  /** An absolute path. */
  readonly to: string;
}

/**
 * Makes a platform of this repository, under another name: a folder with one commit, and a branch `upstream` at it for later
 * versions of this repository. All of it is there, or nothing.
 *
 * @returns the number of its files
 * @throws UsageFailure for a bad name or folder, Failure when a program fails on the way
 */
export async function createPlatform({ root, name, to }: PlatformOrder): Promise<number> {
  checkPlatformName(name);
  if (name === ownName) throw new UsageFailure(`This platform is called ${name} itself`);
  checkTarget(root, to);
  const files = platformFiles(readSources(root), name);
  const origin = `${capital(ownName)} ${versionOf(root)} (${revisionOf(root)})`;
  await inStaging(to, async (folder, signal) => {
    write(folder, files);
    await finish(root, folder, files, signal);
    await commitAll(folder, `${capital(name)}, made of ${origin}`, files, signal);
  });
  return files.length;
}

const versionOf = (root: string): string =>
  (JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string }).version;

/**
 * Has a folder beside the target filled, which becomes the target at last. It is removed when that fails, and on Ctrl-C.
 */
async function inStaging(
  to: string,
  fill: (folder: string, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const parent = dirname(to);
  const made = mkdirSync(parent, { recursive: true });
  const folder = join(parent, `.${basename(to)}-${randomUUID()}`);
  mkdirSync(folder);
  const interruption = new AbortController();
  const interrupt = (): void => interruption.abort();
  process.on('SIGINT', interrupt).on('SIGTERM', interrupt);
  try {
    await fill(folder, interruption.signal);
    interruption.signal.throwIfAborted();
    if (existsSync(to)) rmdirSync(to);
    renameSync(folder, to);
  } catch (error) {
    rmSync(folder, { recursive: true, force: true });
    if (made !== undefined) rmSync(made, { recursive: true, force: true });
    throw interruption.signal.aborted ? new Failure('Stopped: nothing was made') : error;
  } finally {
    process.off('SIGINT', interrupt).off('SIGTERM', interrupt);
  }
}

function write(folder: string, files: readonly PlatformFile[]): void {
  for (const { path, content, executable } of files) {
    const file = join(folder, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, content);
    if (executable) chmodSync(file, 0o755);
  }
}

/** Line breaks and the order of imports depend on the name, and so do the generated documents. */
async function finish(
  root: string,
  folder: string,
  files: readonly PlatformFile[],
  signal: AbortSignal,
): Promise<void> {
  const unlink = linkModules(root, folder);
  write(folder, snippetsOf(files));
  const biome = require.resolve('@biomejs/biome/bin/biome', { paths: [root] });
  const options = ['check', '--write', '--linter-enabled=false', '--vcs-enabled=false'];
  await node(folder, [biome, ...options, '--files-ignore-unknown=true'], signal);
  write(
    folder,
    withSnippets(files, (path) => readFileSync(join(folder, path), 'utf8')),
  );
  rmSync(join(folder, snippetFolder), { recursive: true });
  await node(folder, ['--import', 'tsx', 'tools/codegen/documents/build.ts'], signal);
  unlink();
}

/** @throws Failure with what the program printed */
async function node(cwd: string, args: readonly string[], signal: AbortSignal): Promise<void> {
  try {
    await promisify(execFile)(process.execPath, [...args], { cwd, signal, maxBuffer: 2 ** 24 });
  } catch (error) {
    const { stdout = '', stderr = '' } = Object(error);
    throw new Failure(`${args.join(' ')} failed, so nothing was made:\n${stdout}${stderr}`);
  }
}
