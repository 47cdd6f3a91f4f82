import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { artefacts } from '../tools/artefacts.ts';

const root = resolve(__dirname, '../..');

it.each(artefacts)('$path is what the code says', ({ path, content }) => {
  const file = join(root, path);
  const written = existsSync(file) ? readFileSync(file, 'utf8') : undefined;

  if (written !== content) throw new Error(`${path} is out of date: run \`npm run contracts:build\``);
});

it('leaves no document behind whose service is gone', () => {
  const written = readdirSync(join(root, 'docs/openapi')).map((name) => `docs/openapi/${name}`);

  expect(written.filter((path) => !artefacts.some((artefact) => artefact.path === path))).toEqual([]);
});
