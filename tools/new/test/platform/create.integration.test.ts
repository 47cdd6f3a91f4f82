import { execFile, execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@orderly/local/services';
import { main } from '../../src/main.ts';
import { createPlatform } from '../../src/platform/create.ts';
import { linkModules } from '../../src/platform/modules.ts';
import { renamer } from '../../src/platform/rename.ts';
import { processSession } from '../../src/session.ts';

// One platform is made of this repository, and examined there as its owners would do it.

// In two parts, because a name that stands anywhere in the repository is refused.
const name = ['zan', 'tiq'].join('');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orderly-platform-')));
const platform = join(folder, 'deep', name);

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs `npm run new -- platform <args>`. */
const run = async (...args: readonly string[]) => {
  let err = '';
  const session = {
    ...processSession(),
    ...{ folder, ask: undefined, out: () => undefined },
    err: (text: string) => {
      err += text;
    },
  };
  return { code: await main(['platform', ...args], session), err };
};

const git = (...args: readonly string[]): string =>
  execFileSync('git', args, { cwd: platform, encoding: 'utf8' }).trim();

/** Runs an installed program in the platform. @throws Error with what it printed when it fails */
async function program(path: string, ...args: readonly string[]): Promise<void> {
  try {
    const argv = [join(repositoryRoot, 'node_modules', path), ...args];
    await promisify(execFile)(process.execPath, argv, { cwd: platform, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout, stderr } = Object(error);
    throw new Error(`${path} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

describe('a platform under another name', () => {
  beforeAll(async () => {
    expect(await run(name, '--to', join('deep', name))).toEqual({ code: 0, err: '' });
  });

  it('has one commit with everything, and a branch for what comes from upstream', () => {
    expect(git('rev-list', '--count', '--all')).toBe('1');
    expect(git('branch', '--format', '%(refname:short)').split('\n')).toEqual(['main', 'upstream']);
    expect(git('status', '--porcelain', '--ignored')).toBe('');
    expect(git('log', '--format=%s')).toMatch(
      new RegExp(`^${name}, made of Orderly \\d+\\.\\d+\\.\\d+ \\([0-9a-f]{7,}\\)$`, 'i'),
    );
    expect(git('ls-files', '--stage', '.ci/run', 'tools/cli/bin').match(/^100755/gm)).toHaveLength(2);
  });

  it('has nothing of the old name but the notice of the licence', () => {
    const { name: old } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8'));
    const rename = renamer(old, 'another');
    const named = git('ls-files')
      .split('\n')
      .filter((path) => {
        const content = readFileSync(join(platform, path));
        const text = content.subarray(0, 8_000).includes(0) ? '' : content.toString('utf8');
        return rename(path) !== path || rename(text) !== text;
      });

    expect(named.filter((path) => path !== 'LICENSE')).toEqual([]);
    expect(readFileSync(join(platform, 'LICENSE'))).toEqual(readFileSync(join(repositoryRoot, 'LICENSE')));
  });

  it('is a folder as any other', () => {
    expect(readdirSync(join(folder, 'deep'))).toEqual([name]);
    expect(statSync(platform).mode).toBe(statSync(join(folder, 'deep')).mode);
  });

  describe('with the packages of its lockfile', () => {
    beforeAll(() => void linkModules(repositoryRoot, platform));

    it('has a lockfile that fits its packages', async () => {
      const { packages } = JSON.parse(readFileSync(join(platform, 'package-lock.json'), 'utf8'));
      const manifests = git('ls-files', '*package.json')
        .split('\n')
        .filter((path) => /^(\w+\/\w+\/)?package\.json$/.test(path) && !path.startsWith('examples/'));

      for (const path of manifests) {
        const manifest = JSON.parse(readFileSync(join(platform, path), 'utf8'));
        const locked = packages[path.replace(/\/?package\.json$/, '')];
        expect([path, locked.dependencies, locked.devDependencies]).toEqual([
          path,
          manifest.dependencies,
          manifest.devDependencies,
        ]);
      }
      expect(manifests.length).toBeGreaterThan(15);
    });

    it('passes the linter', async () => {
      // It reads all files for circles of imports, and a name makes none.
      const skipped = '--skip=suspicious/noImportCycles';
      await program('@biomejs/biome/bin/biome', 'check', '--error-on-warnings', skipped);
    });

    it('passes the contract gate, and its generated documents are up to date', async () => {
      const examination = `
        const { readFileSync } = require('node:fs');
        const { artefacts } = require('./tools/codegen/documents/artefacts.ts');
        const { checkReleased } = require('./tools/codegen/contracts/gate.ts');
        const stale = artefacts().filter(({ path, content }) => readFileSync(path, 'utf8') !== content);
        const report = checkReleased(process.cwd());
        if (report !== undefined || stale.length > 0) throw new Error([report, ...stale.map(({ path }) => path)].join());
      `;
      await program('tsx/dist/cli.mjs', '--eval', examination);
    });

    it('type-checks', async () => {
      const tsconfig = {
        extends: './tsconfig.json',
        compilerOptions: { types: ['node', 'jest'] },
        include: ['shared/*/src', 'services/*/src'],
      };
      writeFileSync(join(platform, 'tsconfig.part.json'), JSON.stringify(tsconfig));

      await program('typescript/bin/tsc', '--project', 'tsconfig.part.json');
    });
  });
});

describe('a platform that cannot be made', () => {
  const there = join(folder, 'there');

  beforeAll(() => {
    mkdirSync(there);
    writeFileSync(join(there, 'own'), '');
  });

  it.each([
    ['Qorvex', 'new', /2 to 12 lower-case letters and digits.*"Qorvex"/],
    ['orderly', 'new', /This platform is called orderly itself/],
    ['jest', 'new', /The name jest has a meaning already, in /],
    ['qorvex', 'there', /there is not empty/],
    ['qorvex', join(repositoryRoot, 'platforms', 'qorvex'), /is inside this repository/],
  ])('is refused with exit code 2, and nothing is written: %s to %s', async (asked, to, reason) => {
    const before = [readdirSync(folder), readdirSync(repositoryRoot)];

    expect(await run(asked, '--to', to)).toEqual({ code: 2, err: expect.stringMatching(reason) });
    expect([readdirSync(folder), readdirSync(repositoryRoot)]).toEqual(before);
    expect(readdirSync(there)).toEqual(['own']);
  });

  it('leaves nothing behind when a program fails on the way', async () => {
    const root = mkdtempSync(join(tmpdir(), 'orderly-broken-'));
    const files = {
      'package.json': '{ "version": "1.0.0" }',
      'package-lock.json': '{ "name": "orderly", "packages": {} }',
    };
    for (const [path, content] of Object.entries(files)) writeFileSync(join(root, path), content);
    mkdirSync(join(root, 'node_modules'));
    const inRoot = (...args: readonly string[]) => execFileSync('git', args, { cwd: root });
    inRoot('init', '--quiet');
    inRoot('add', 'package.json', 'package-lock.json');
    inRoot('-c', 'user.name=a', '-c', 'user.email=a@example.com', 'commit', '--quiet', '--message', 'one');
    const to = join(folder, 'new', 'deep', name);

    await expect(createPlatform({ root, name, to })).rejects.toThrow('@biomejs/biome');

    expect(readdirSync(folder)).not.toContain('new');
    rmSync(root, { recursive: true });
  });
});
