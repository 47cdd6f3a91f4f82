import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Run, Task } from '../src/outcome.ts';
import { Pool } from '../src/pool.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-pool-'));
afterAll(() => rmSync(folder, { recursive: true }));

const sources = { path: join(folder, 'there-is-none.json'), hash: '' };
const task: Task = { seed: 7, orders: 10, faults: 'none' };

/** A pool whose processes run this in place of a simulation. */
function poolOf(name: string, program: string, patienceMs?: number): Pool {
  const path = join(folder, `${name}.cjs`);
  writeFileSync(path, program);
  return new Pool({ sources, program: path, ...(patienceMs !== undefined && { patienceMs }) });
}

const progress = (micros: number): string =>
  `process.send({ report: 'progress', progress: { orders: 1, steps: ${micros}, micros: ${micros} } })`;

it('a simulation that throws is an outcome with its error', async () => {
  const run = await new Pool({ sources }).run(task);

  expect(run).toMatchObject({ task, outcome: { outcome: 'broken', step: 0 } });
  expect(JSON.stringify(run)).toContain('ENOENT');
});

it('a process that dies is an outcome with the last step and what it has said', async () => {
  const dies = poolOf(
    'dies',
    `process.on('message', () => ${progress(3)} && setTimeout(() => { console.error('out of memory'); process.exit(9) }, 50))`,
  );

  expect(await dies.run(task)).toMatchObject({
    outcome: { outcome: 'broken', step: 3, error: 'The process ended with 9. out of memory' },
  });
});

it('a process in which virtual time stands still is ended', async () => {
  const hangs = poolOf('hangs', `process.on('message', () => setInterval(() => ${progress(5)}, 20))`, 2_000);

  expect(await hangs.run(task)).toMatchObject({
    outcome: { outcome: 'broken', step: 5, error: 'Virtual time stood still for 2 s of real time' },
  });
});

it('a pool that is stopped ends what runs and begins nothing more', async () => {
  const waits = poolOf('waits', `process.on('message', () => ${progress(1)})`);
  const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const done: number[] = [];
  await waits.runAll(
    () => ({ ...task, seed: seeds.shift() ?? 0 }),
    (run) => done.push(run.task.seed),
    () => waits.stop(),
  );

  expect(done).toEqual([]);
  expect(await waits.run(task)).toBeUndefined();
});

it('a process runs one seed after the other, and what has broken one runs no more', async () => {
  const counts = poolOf(
    'counts',
    `let runs = 0;
    process.on('message', ({ task: { seed } }) => {
      const result = { pid: process.pid, runs: ++runs };
      const outcome = seed % 10 === 0 ? { outcome: 'broken', error: 'tenth' } : { outcome: 'judged', result };
      process.send({ report: 'end', outcome });
    });`,
  );
  const seeds = Array.from({ length: 40 }, (_, n) => n + 1);
  const runs: { readonly pid: number; readonly runs: number }[] = [];
  let broken = 0;
  const next = (): Task | undefined => {
    const seed = seeds.shift();
    return seed === undefined ? undefined : { ...task, seed };
  };
  const done = ({ outcome }: Run): void => {
    if (outcome.outcome === 'broken') broken++;
    else runs.push(Object(outcome.result));
  };
  await counts.runAll(next, done, () => undefined);

  expect([runs.length, broken]).toEqual([36, 4]);
  const processes = new Set(runs.map(({ pid }) => pid)).size;
  expect(processes).toBeLessThanOrEqual(availableParallelism() + broken);
  expect(runs.filter((run) => run.runs > 1).length).toBe(runs.length - processes);
});
