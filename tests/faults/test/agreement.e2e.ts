import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot } from '@orderly/local/ports';
import type { Outcome } from '@orderly/support/outcome';
import { lineWriter } from '@orderly/support/platform';
import { type FaultyPlatform, startFaultyPlatform } from '../src/faulty-platform.ts';
import { playScenario } from '../src/scenario.ts';

// What holds in the simulation holds in the processes, and the other way round, only as far as the two agree.

let platform: FaultyPlatform;
let processes: Outcome;
let simulation: Outcome;

async function simulated(): Promise<Outcome> {
  const argv = ['--require', 'tsx/cjs', 'tests/simulation/src/scenario.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, argv, { cwd: repositoryRoot });
  return JSON.parse(stdout) as Outcome;
}

beforeAll(async () => {
  const log = lineWriter(join(repositoryRoot, '.orderly/agreement.log'));
  platform = await startFaultyPlatform({
    ...{ stage: `agreement${process.pid}`, log },
    // Poison is dead-lettered after five of them.
    env: { ORDERLY_VISIBILITY_TIMEOUT: '2' },
  });
  [processes, simulation] = await Promise.all([playScenario(platform), simulated()]);
});

afterAll(() => platform?.stop());

it('the scenario has orders of every status, and mails that were refused', () => {
  const { orders } = processes;
  const all = Object.values(orders);
  expect(new Set(all.map(({ status }) => status))).toEqual(
    new Set(['CONFIRMED', 'REJECTED', 'CANCELLED', 'SHIPPED']),
  );
  expect(all.flatMap(({ notifications }) => notifications)).toContainEqual(expect.stringMatching(/FAILED$/));
});

it('the simulation and the processes agree on every order: its status, events, notifications and mails', () => {
  expect(simulation.orders).toEqual(processes.orders);
});

it('the simulation and the processes agree on every product: its levels, events and copy', () => {
  expect(simulation.products).toEqual(processes.products);
});

it('the simulation and the processes agree on what is dead-lettered', () => {
  expect(simulation.deadLetters).toEqual(processes.deadLetters);
  expect(processes.deadLetters).toHaveLength(10);
});
