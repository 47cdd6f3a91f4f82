import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

// Builds what `npm pack` packs of the package that it runs in: its sources as ES modules and as CommonJS, each with its
// declarations.

const folder = process.cwd();
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

const dist = join(folder, 'dist');
if (isUpToDate()) process.exit();
const built = mkdtempSync(join(folder, '.dist-'));
for (const { format, module, type } of [
  { format: 'esm', module: 'esnext', type: 'module' },
  { format: 'cjs', module: 'commonjs', type: 'commonjs' },
]) {
  const outDir = join(built, format);
  // What one format has shown to be sound, the other need not check again.
  const check = format === 'esm' ? [] : ['--noCheck'];
  const options = ['--project', 'tsconfig.build.json', '--module', module, '--outDir', outDir, ...check];
  execFileSync(process.execPath, [tsc, ...options], { cwd: folder, stdio: 'inherit' });
  // Node takes the format of a .js file from the nearest package.json, bundlers what they may leave out.
  writeFileSync(join(outDir, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
}

// File by file, each at once: somebody may be packing or bundling this package right now.
const files = filesIn(built);
for (const file of files) {
  mkdirSync(dirname(join(dist, file)), { recursive: true });
  renameSync(join(built, file), join(dist, file));
}
for (const file of filesIn(dist)) if (!files.includes(file)) rmSync(join(dist, file));
rmSync(built, { recursive: true });

/** Whether everything in `dist` is newer than what it is built from. */
function isUpToDate(): boolean {
  if (!existsSync(dist)) return false;
  const changedAt = (paths: readonly string[]) => paths.map((path) => statSync(path).mtimeMs);
  // A folder changes when a file in it is removed.
  const sources = readdirSync(join(folder, 'src'), { recursive: true, encoding: 'utf8' });
  const configuration = ['src', 'tsconfig.build.json', '../../tsconfig.json', '../../package-lock.json'];
  const from = [...sources.map((path) => join('src', path)), ...configuration, __filename];
  const built = filesIn(dist).map((path) => join(dist, path));
  return Math.max(...changedAt(from.map((path) => resolve(folder, path)))) < Math.min(...changedAt(built));
}

function filesIn(parent: string): string[] {
  return readdirSync(parent, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(parent, join(entry.parentPath, entry.name)));
}
