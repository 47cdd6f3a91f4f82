import { memoryTable } from '../../src/cost/memory.ts';
import { aLife, aStage } from './life.ts';

const rows = memoryTable(aLife(), aStage)
  .split('\n')
  .slice(2)
  .map((line) => line.split('|').map((cell) => Number(cell.replace(/[,MB ]/g, ''))));

it('less memory is a smaller share of a core, and takes longer', () => {
  const [, sizes, shares, warm, cold] = [0, 1, 2, 3, 4].map((column) => rows.map((row) => row[column] ?? 0));

  expect(sizes).toEqual([128, 256, 512, 1_024, 1_769]);
  expect(shares).toEqual([0.07, 0.14, 0.29, 0.58, 1]);
  // Eight runs, each 10 ms of its own at 512 MB; four write and four send, 8 and 12 ms.
  expect(warm).toEqual([400, 240, 160, 120, 103]);
  // Each begins with 300 ms.
  expect(cold).toEqual([10_000, 5_040, 2_560, 1_320, 798]);
});

it('what work costs does not depend on the memory, and what waits costs in proportion', () => {
  const atRate = rows.map((row) => row[7] ?? 0);

  expect(atRate).toEqual(atRate.toSorted((one, other) => one - other));
  // Twice the memory is less than twice the price.
  expect((atRate[4] ?? 0) / (atRate[2] ?? 1)).toBeLessThan(2);
});
