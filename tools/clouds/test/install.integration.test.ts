import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { npmCommand } from '@orderly/local/npm';
import { installed } from '../src/install.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'orderly-install-')));
afterAll(() => rmSync(root, { recursive: true }));

let lines: string[] = [];
beforeEach(() => {
  lines = [];
  jest.spyOn(process.stderr, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
});
afterEach(() => jest.restoreAllMocks());

const write = (path: string, content: object) => {
  mkdirSync(resolve(join(root, path), '..'), { recursive: true });
  writeFileSync(join(root, path), JSON.stringify(content));
};

/** A set with the package `answer`, which lies beside it: no network is needed. */
function packageSet(folder: string, answer: number): void {
  write(`${folder}/answer/package.json`, { name: 'answer', version: `${answer}.0.0`, main: 'main.json' });
  write(`${folder}/answer/main.json`, { answer });
  const manifest = { name: folder, version: '1.0.0', dependencies: { answer: 'file:answer' } };
  write(`${folder}/package.json`, { ...manifest, description: 'The answer' });
  const { program, args } = npmCommand(['install', '--package-lock-only', '--offline', '--no-audit']);
  execFileSync(program, [...args], { cwd: join(root, folder), stdio: 'ignore' });
}

it('a set of packages is installed on first use, with one line, and once', async () => {
  packageSet('once', 42);

  const [first, second] = await Promise.all([installed('once', root), installed('once', root)]);
  const third = await installed('once', root);

  expect([first, second, third].map((require) => require('answer'))).toEqual(Array(3).fill({ answer: 42 }));
  expect(lines).toEqual([`Installing once into ${join(root, 'once')}: The answer\n`]);
});

it('a set is installed again when its lockfile has changed', async () => {
  packageSet('changed', 1);
  await installed('changed', root);
  packageSet('changed', 2);

  await installed('changed', root);

  expect(lines).toHaveLength(2);
});

it('a set that cannot be installed fails with what npm says, and is tried again', async () => {
  packageSet('broken', 1);
  const lockfile = join(root, 'broken/package-lock.json');
  cpSync(lockfile, `${lockfile}.right`);
  write('broken/package-lock.json', { name: 'broken', lockfileVersion: 3, packages: {} });

  await expect(installed('broken', root)).rejects.toThrow(
    /npm ci in .*broken failed[\s\S]*package-lock\.json/,
  );

  cpSync(`${lockfile}.right`, lockfile);
  expect((await installed('broken', root))('answer')).toEqual({ answer: 1 });
});

it('the lockfile of PostgreSQL has the packages of all platforms', () => {
  const folder = resolve(__dirname, '../postgres');
  const { packages } = require(join(folder, 'package-lock.json'));
  const { optionalDependencies } = require(join(folder, 'package.json'));

  const locked = Object.keys(optionalDependencies).map((name) => packages[`node_modules/${name}`]?.integrity);
  expect(locked).toHaveLength(5);
  expect(locked.every((integrity) => /^sha512-/.test(integrity))).toBe(true);
});
