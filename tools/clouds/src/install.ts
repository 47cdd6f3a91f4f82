import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { exclusively } from '@orderly/local/exclusively';
import { npmCommand } from '@orderly/local/npm';

/** Has a folder for each set of packages that is installed on first use. */
const packageSets = resolve(__dirname, '..');

/**
 * Installs what tools/clouds/<folder>/package-lock.json lists, unless that is there already. Such packages are large, and
 * most people never need them, so that they are not in the lockfile of the root.
 *
 * @param folder with a package.json and a package-lock.json
 * @param root the folder above it
 * @returns `require` of that folder
 * @throws Error with npm's output where it fails, e.g. without a network
 */
export async function installed(folder: string, root = packageSets): Promise<NodeJS.Require> {
  const path = join(root, folder);
  const stamp = join(path, 'node_modules/.orderly-installed');
  const lockfile = await readFile(join(path, 'package-lock.json'), 'utf8');
  // A folder may be shared with another system, as in a container.
  const system = `${process.platform} ${process.arch}`;
  const wanted = createHash('sha256').update(`${system}\n${lockfile}`).digest('hex');
  const isThere = async () => (await readFile(stamp, 'utf8').catch(() => '')) === wanted;
  if (!(await isThere())) {
    await exclusively(join(path, 'node_modules.lock'), async () => {
      if (await isThere()) return;
      await install(path);
      await writeFile(stamp, wanted);
    });
  }
  return createRequire(join(path, 'package.json'));
}

async function install(path: string): Promise<void> {
  const { description } = JSON.parse(await readFile(join(path, 'package.json'), 'utf8'));
  process.stderr.write(`Installing once into ${path}: ${description}\n`);
  // `npm run --silent` would silence this npm, too, and its errors are part of ours.
  const { program, args } = npmCommand([
    'ci',
    '--loglevel=error',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
  ]);
  const npm = spawn(program, args, { cwd: path, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [npm.stdout, npm.stderr]) stream.on('data', (data) => (output += data));
  const code = await new Promise((done) => {
    npm.once('error', (error) => done(error.message));
    npm.once('close', done);
  });
  if (code !== 0) throw new Error(`npm ci in ${path} failed (${code}):\n${output}`);
}
