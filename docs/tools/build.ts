import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { artefacts } from './artefacts.ts';

const root = resolve(__dirname, '../..');

for (const { path, content } of artefacts) {
  const file = resolve(root, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  console.log(path);
}
