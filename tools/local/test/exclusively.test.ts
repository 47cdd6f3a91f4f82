import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { exclusively } from '../src/exclusively.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-lock-'));
const lockFile = join(folder, 'below', 'work.lock');

afterAll(() => rmSync(folder, { recursive: true }));

it('runs tasks one after another', async () => {
  const steps: string[] = [];
  const task = (name: string) => async () => {
    steps.push(`${name} starts`);
    await turn();
    steps.push(`${name} ends`);
  };

  await Promise.all([exclusively(lockFile, task('one')), exclusively(lockFile, task('two'))]);

  const [first, second] = steps[0] === 'one starts' ? ['one', 'two'] : ['two', 'one'];
  expect(steps).toEqual([`${first} starts`, `${first} ends`, `${second} starts`, `${second} ends`]);
});

it('lets go after a failure, and passes it on', async () => {
  const failing = exclusively(lockFile, () => Promise.reject(new Error('no package')));

  await expect(failing).rejects.toThrow('no package');
  expect(existsSync(lockFile)).toBe(false);
});

it('takes the lock of a process that is gone', async () => {
  // Above what Linux and macOS give to any process.
  writeFileSync(lockFile, '99999999');

  expect(await exclusively(lockFile, async () => 'done')).toBe('done');
});
