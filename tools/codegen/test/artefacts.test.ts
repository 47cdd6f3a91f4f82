import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readFiles, staleFiles } from '../contracts/files.ts';
import { artefactFolders, artefacts } from '../documents/artefacts.ts';
import { root } from '../documents/platform.ts';

const generated = artefacts();

it('the generated files are exactly those of the current source', () => {
  const stale = staleFiles(readFiles(root, artefactFolders), generated);

  const advice = stale.map(
    (problem) => `${problem}: run "npm run contracts:build" and commit what it writes`,
  );
  expect(advice).toEqual([]);
});

it('every generated document passes well-known linters', async () => {
  const tsx = join(root, 'node_modules/tsx/dist/cli.mjs');

  const { stderr } = await promisify(execFile)(process.execPath, [
    tsx,
    join(root, 'tools/codegen/documents/lint.ts'),
  ]);

  expect(stderr).toBe('');
});
