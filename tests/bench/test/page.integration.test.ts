import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { blockNames } from '../src/page/blocks.ts';
import { parts } from '../src/parts.ts';

const root = resolve(__dirname, '../../..');
const pages = ['performance', 'scaling'].map((name) => readFileSync(`${root}/docs/${name}.md`, 'utf8'));

it('the pages and their plots are what the published figures say', async () => {
  const check = promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', 'tests/bench/src/page/main.ts', '--check'],
    {
      cwd: root,
    },
  );

  await expect(check).resolves.toMatchObject({ stderr: '' });
});

it('the pages show every part, the targets and the machine', () => {
  const shown = new Set(pages.flatMap(blockNames));

  expect([...Object.keys(parts), 'targets', 'machine'].filter((name) => !shown.has(name))).toEqual([]);
});
