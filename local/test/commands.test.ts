import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { version } from '../../package.json';

const root = join(__dirname, '../..');

const run = (script: string, ...args: readonly string[]) => {
  const { status, stdout } = spawnSync('npm', ['run', '--silent', script, '--', ...args], {
    cwd: root,
    encoding: 'utf8',
  });
  return { status, stdout };
};

it.each([
  ['start', /^Usage: npm start -- [\s\S]*--auth[\s\S]*ORDERLY_STAGE/],
  ['token', /^Usage: npm run token -- [\s\S]*--scope[\s\S]*ORDERLY_STAGE/],
])('npm run %s explains itself with --help', (script, usage) => {
  expect(run(script, '--help')).toEqual({ status: 0, stdout: expect.stringMatching(usage) });
});

it.each(['start', 'token', 'demo', 'bench', 'cost', 'affected', 'sbom', 'test:fuzz'])(
  'npm run %s prints its version with --version, and does nothing else',
  (script) => {
    expect(run(script, '--version')).toEqual({ status: 0, stdout: `${version}\n` });
  },
);
