import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/ports';
import { defects } from '@orderly/support/defects';

it.each(defects)('$name: the place that it changes is there, once', ({ file, replace, by }) => {
  const source = readFileSync(join(repositoryRoot, file), 'utf8');

  expect(source.split(replace)).toHaveLength(2);
  expect(by).not.toBe(replace);
});
