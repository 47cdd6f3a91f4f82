import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';

const root = resolve(__dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

it('docs/deploying.md lists the settings in which prod is stricter', () => {
  const stages = parse(read('shared/serverless/stages.yml'));
  const rows = [...read('docs/deploying.md').matchAll(/^\| `(\w+)` +\| (\S+) +\| (\S+) +\|$/gm)];

  expect(rows.map(([, ...row]) => row)).toEqual(
    Object.entries(stages.prod).map(([name, value]) => [name, String(stages.default[name]), String(value)]),
  );
});
