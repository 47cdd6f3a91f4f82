import { execFileSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

// Builds what `npm pack` packs: the sources as ES modules and as CommonJS, each with its declarations.

const folder = join(import.meta.dirname, '../../../shared/contracts');
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');

rmSync(join(folder, 'dist'), { recursive: true, force: true });
for (const { format, module, type } of [
  { format: 'esm', module: 'esnext', type: 'module' },
  { format: 'cjs', module: 'commonjs', type: 'commonjs' },
]) {
  const outDir = join('dist', format);
  const options = ['--project', 'tsconfig.build.json', '--module', module, '--outDir', outDir];
  execFileSync(process.execPath, [tsc, ...options], { cwd: folder, stdio: 'inherit' });
  // Node takes the format of a .js file from the nearest package.json, bundlers what they may leave out.
  writeFileSync(join(folder, outDir, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
}
