import { spawnSync } from 'node:child_process';
import { delimiter, join } from 'node:path';
import { scripts, version } from '../../../package.json';

const root = join(__dirname, '../../..');

/** As `npm run` does, without the second that npm itself takes. */
const run = (script: keyof typeof scripts, option: string) => {
  const PATH = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter);
  const { status, stdout } = spawnSync(`${scripts[script]} ${option}`, {
    shell: true,
    cwd: root,
    env: { ...process.env, PATH },
    encoding: 'utf8',
  });
  return { status, stdout };
};

it.each([
  ['start', /^Usage: npm start -- [\s\S]*--auth[\s\S]*ORDERLY_STAGE/],
  ['token', /^Usage: npm run token -- [\s\S]*--scope[\s\S]*ORDERLY_STAGE/],
] as const)('npm run %s explains itself with --help', (script, usage) => {
  expect(run(script, '--help')).toEqual({ status: 0, stdout: expect.stringMatching(usage) });
});

it.each(['demo', 'bench', 'cost', 'affected', 'sbom'] as const)(
  'npm run %s prints its version with --version, and does nothing else',
  (script) => {
    expect(run(script, '--version')).toEqual({ status: 0, stdout: `${version}\n` });
  },
);
