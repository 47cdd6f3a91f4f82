import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot } from '@orderly/local/services';
import { idleMonth, millionOrders } from '../src/clouds/cost.ts';

const page = readFileSync(join(repositoryRoot, 'docs/clouds.md'), 'utf8');

/** The last two cells of a row of docs/clouds.md: Azure's and Google's. */
const rowOf = (name: string): readonly string[] => {
  const line = page.split('\n').find((each) => each.startsWith(`| ${name} `)) ?? '';
  return line
    .split('|')
    .map((cell) => cell.trim())
    .slice(-3, -1);
};

describe('docs/clouds.md', () => {
  it.each(Object.keys(millionOrders.azure))('has what a million orders cost in %s', (name) => {
    const { azure, google } = millionOrders;
    expect(rowOf(name)).toEqual([azure[name]?.toFixed(2), google[name]?.toFixed(2)]);
  });

  it.each(Object.keys(idleMonth.azure))('has what a month without orders costs in %s', (name) => {
    const { azure, google } = idleMonth;
    expect(rowOf(name)).toEqual([azure[name]?.toFixed(2), google[name]?.toFixed(2)]);
  });

  it('has the sums', () => {
    const sum = (charges: Readonly<Record<string, number>>) =>
      Object.values(charges)
        .reduce((all, each) => all + each, 0)
        .toFixed(2);
    const sums = page.split('\n').filter((line) => line.startsWith('| **sum** '));
    expect(sums).toHaveLength(2);
    for (const [at, { azure, google }] of [millionOrders, idleMonth].entries()) {
      const cells = sums[at]?.split('|').map((cell) => cell.trim());
      expect(cells?.slice(-3, -1)).toEqual([sum(azure), sum(google)]);
    }
  });
});
