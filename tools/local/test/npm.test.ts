import { join } from 'node:path';
import { npmCommand } from '../src/npm.ts';

const folder = join('programs', 'nodejs');
const node = join(folder, 'node.exe');
const npm = join('newer', 'npm-cli.js');

it.each([
  ['a system with a shell for scripts', { platform: 'linux', node, npm }, 'npm', []],
  ['Windows', { platform: 'win32', node, npm }, node, [npm]],
  [
    'Windows, without npm around it',
    { platform: 'win32', node, npm: undefined },
    node,
    [join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')],
  ],
  [
    'Windows, run by another package manager',
    { platform: 'win32', node, npm: join('yarn', 'yarn.js') },
    node,
    [join(folder, 'node_modules', 'npm', 'bin', 'npm-cli.js')],
  ],
] as const)('npm is started without a shell on %s', (_what, surroundings, program, before) => {
  expect(npmCommand(['pack', '--json'], surroundings)).toEqual({
    program,
    args: [...before, 'pack', '--json'],
  });
});
