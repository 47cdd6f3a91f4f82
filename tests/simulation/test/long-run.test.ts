import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LongRun } from '../src/long-run.ts';
import type { Outcome, Task } from '../src/outcome.ts';
import { aResult } from './a-result.ts';

const folder = mkdtempSync(join(tmpdir(), 'orderly-long-run-'));
afterAll(() => rmSync(folder, { recursive: true }));

const taskOf = (seed: number): Task => ({ seed, orders: 100, faults: 'heavy' });
const judged = (seed: number, orders = 100): Outcome => ({
  ...{ outcome: 'judged', seconds: 1 },
  result: aResult({ seed, orders }),
});

let files = 0;
const newFile = () => join(folder, 'of', `${++files}.jsonl`);
const start = (file: string, more: { readonly sources?: string; readonly orders?: number } = {}) =>
  new LongRun({
    ...{ total: 300, firstSeed: 5, sources: more.sources ?? 'abc', file },
    taskOf: (seed) => ({ ...taskOf(seed), orders: more.orders ?? 100 }),
  });

/** Runs seeds until there is none, as one process does. */
function finish(long: LongRun, outcomeOf: (seed: number) => Outcome = judged): readonly number[] {
  const seeds: number[] = [];
  for (let task = long.next(); task !== undefined; task = long.next()) {
    seeds.push(task.seed);
    long.done({ task, outcome: outcomeOf(task.seed) });
  }
  return seeds;
}

it('runs seeds until there are enough orders', () => {
  const long = start(newFile());

  expect(finish(long)).toEqual([5, 6, 7]);
  expect(long.orders).toBe(300);
});

it('begins no more seeds than are needed, as those that run count', () => {
  const long = start(newFile());

  expect([1, 2, 3, 4].map(() => long.next()?.seed)).toEqual([5, 6, 7, undefined]);
});

it('loses only seeds that were under way when the machine was switched off', () => {
  const file = newFile();
  const first = start(file);
  const [five, six] = [first.next(), first.next()];
  if (six) first.done({ task: six, outcome: judged(6) });
  appendFileSync(file, `\n${JSON.stringify({ sources: 'abc', task: five }).slice(0, 40)}`);

  const second = start(file);
  expect(second.runs.map(({ task }) => task.seed)).toEqual([6]);
  expect(finish(second)).toEqual([5, 7]);
  expect(finish(start(file))).toEqual([]);
});

it('counts nothing of other programs, nor of runs of another size', () => {
  const file = newFile();
  finish(start(file));

  expect(start(file, { sources: 'def' }).orders).toBe(0);
  expect(start(file, { orders: 50 }).orders).toBe(0);
  expect(start(file).orders).toBe(300);
});

it('ends even when every seed breaks the simulation', () => {
  const broken: Outcome = { outcome: 'broken', seconds: 1, step: 3, error: 'Error: no' };
  const long = start(newFile());

  expect(finish(long, () => broken)).toEqual([5, 6, 7]);
  expect(long.orders).toBe(0);
});
