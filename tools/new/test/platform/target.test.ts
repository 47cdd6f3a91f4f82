import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkTarget } from '../../src/platform/target.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-target-'));
const root = join(folder, 'repository');

beforeAll(() => {
  mkdirSync(join(root, 'docs'), { recursive: true });
  mkdirSync(join(folder, 'empty'));
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full', 'a'), '');
  symlinkSync(root, join(folder, 'link'), 'junction');
});

afterAll(() => rmSync(folder, { recursive: true }));

it.each(['new', 'new/deep', 'empty', 'repository-2', '..qorvex'])('a platform may go to %s', (to) => {
  expect(() => checkTarget(root, join(folder, to))).not.toThrow();
});

it.each([
  ['full', 'is not empty'],
  ['full/a', 'is a file'],
  ['repository', 'is inside this repository'],
  ['repository/docs', 'is inside this repository'],
  ['repository/new/deep', 'is inside this repository'],
  ['link/new', 'is inside this repository'],
])('a platform cannot go to %s: it %s', (to, reason) => {
  expect(() => checkTarget(root, join(folder, to))).toThrow(reason);
});
