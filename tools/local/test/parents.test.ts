import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '@orderly/support/eventually';
import { isAlive } from '../src/is-alive.ts';
import { repositoryRoot } from '../src/services.ts';

const script = `node --require tsx/cjs ${join('tools', 'local', 'test', 'watched-by-npm.ts')}`;

/** Runs the script as npm does: in a shell, and with its text in the environment. */
const likeNpm = `require('node:child_process').spawn(process.argv[1], { shell: true, stdio: 'inherit' })`;

let npm: ChildProcess;
let watched = 0;

beforeEach(async () => {
  npm = spawn(process.execPath, ['--eval', likeNpm, script], {
    cwd: repositoryRoot,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, npm_lifecycle_script: script },
  });
  if (!npm.stdout) throw new Error('There is no output to read.');
  const [line] = await once(createInterface({ input: npm.stdout }), 'line');
  watched = Number(line);
});

afterEach(() => {
  npm.kill('SIGKILL');
  if (isAlive(watched)) process.kill(watched, 'SIGKILL');
});

it('a script of npm ends with an npm that is killed, with or without a shell in between', async () => {
  expect(isAlive(watched)).toBe(true);

  npm.kill('SIGKILL');

  await eventually(() => expect(isAlive(watched)).toBe(false));
});
