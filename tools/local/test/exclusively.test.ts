import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { exclusively } from '../src/exclusively.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-lock-'));
const lockFile = join(folder, 'below', 'work.lock');

afterAll(() => rmSync(folder, { recursive: true }));

it('tasks under one lock run one after another', async () => {
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

it('a task that fails releases the lock, and its error is passed on', async () => {
  const failing = exclusively(lockFile, () => Promise.reject(new Error('no package')));

  await expect(failing).rejects.toThrow('no package');
  expect(existsSync(lockFile)).toBe(false);
});

it('the lock of a process that is gone is taken over', async () => {
  // Above what Linux and macOS give to any process.
  writeFileSync(lockFile, '99999999');

  expect(await exclusively(lockFile, async () => 'done')).toBe('done');
});
