import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { pathFrom } from '../src/paths.ts';
import { readableStack } from '../src/readable-stack.ts';
import { repositoryRoot } from '../src/services.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-stack-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The stack of an error of this code, bundled as the local platform does. */
const stackOf = (source: string): string => {
  const entry = join(folder, 'thrower.ts');
  writeFileSync(entry, source);
  const outfile = join(folder, 'thrower.js');
  buildSync({
    entryPoints: [entry],
    outfile,
    bundle: true,
    minify: true,
    sourcemap: 'external',
    format: 'cjs',
  });
  try {
    require(outfile);
  } catch (error) {
    return (error as Error).stack ?? '';
  }
  throw new Error('It did not throw.');
};

it('A stack names the lines of the source instead of those of the bundle', () => {
  const source = `const fail = (points: number): never => {\n  throw new TypeError(\`no \${points}\`);\n};\n\nfail(3);\n`;
  const place = pathFrom(repositoryRoot, join(folder, 'thrower.ts'));

  const [message, thrown, called] = readableStack(stackOf(source)).split('\n');

  expect(message).toBe('TypeError: no 3');
  expect(thrown).toContain(`${place}:2:`);
  expect(called).toContain(`${place}:5:`);
});

it.each([
  '    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)',
  '    at nowhere (/no/such/file.js:1:2)',
  'TypeError: (/a.js:1:2)',
])('A line without a source map stays as it is: %s', (line) => {
  expect(readableStack(line)).toBe(line);
});

it('A file of the repository without a source map is named by its place in it', () => {
  const file = join('tools', 'x.js');

  expect(readableStack(`    at run (${join(repositoryRoot, file)}:1:2)`)).toBe(`    at run (${file}:1:2)`);
});
