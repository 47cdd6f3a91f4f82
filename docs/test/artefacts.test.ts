import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readFiles } from '../../shared/contracts/tools/files.ts';
import { artefactFolders, artefacts } from '../tools/artefacts.ts';
import { root } from '../tools/platform.ts';

const generated = artefacts();

it.each(generated)('$path is what the code says', ({ path, content }) => {
  const file = join(root, path);
  const written = existsSync(file) ? readFileSync(file, 'utf8') : undefined;

  if (written !== content) throw new Error(`${path} is out of date: run \`npm run contracts:build\``);
});

it('leaves no file behind whose event or service is gone', () => {
  const paths = generated.map(({ path }) => path);

  const left = readFiles(root, artefactFolders).filter(({ path }) => !paths.includes(path));
  expect(left.map(({ path }) => path)).toEqual([]);
});

it('is without a fault in the eyes of well-known linters', async () => {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');

  const { stderr } = await promisify(execFile)(process.execPath, [tsx, join(root, 'docs/tools/lint.ts')]);

  expect(stderr).toBe('');
}, 60_000);
