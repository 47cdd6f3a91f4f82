import { commandLine } from '../src/command-line.ts';
import { KINDS, parseOptions } from '../src/options.ts';
import { taskOf } from '../src/task.ts';
import { FAULT_NAMES, faultsWithout, HEAVY_FAULTS, NO_FAULTS } from '../src/world/faults.ts';
import { INCIDENT_KINDS } from '../src/world/incidents.ts';

/** The exit code of a command line that is wrong, and what it prints. */
function refusalOf(...argv: readonly string[]): { readonly code: unknown; readonly said: string } {
  let said = '';
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text;
    return true;
  });
  const exit = jest.spyOn(process, 'exit').mockImplementation((code) => {
    throw Object.assign(new Error('exit'), { code });
  });
  try {
    parseOptions(argv);
    return { code: undefined, said };
  } catch (error) {
    return { code: Object(error).code, said };
  } finally {
    write.mockRestore();
    exit.mockRestore();
  }
}

it('a command line without options is one swarm seed of 150 orders', () => {
  const { seed, ...rest } = parseOptions([]);

  expect(seed).toBeGreaterThan(0);
  expect(rest).toEqual({
    ...{ job: { kind: 'run' }, seeds: 1, orders: 150, faults: 'swarm', without: [], json: false },
    ...{ untilMs: undefined, history: undefined },
  });
});

it('--million is a long run of a thousand orders a seed, with heavy faults and swarms in turn', () => {
  const options = parseOptions(['--million']);

  expect(options).toMatchObject({ job: { kind: 'long run', total: 1_000_000 }, seed: 1, orders: 1_000 });
  expect([1, 2].map((seed) => taskOf(options, seed).faults)).toEqual(['heavy', 'swarm']);
});

it('--explain takes a text or none', () => {
  expect(parseOptions(['--explain']).job).toEqual({ kind: 'explain', about: undefined });
  expect(parseOptions(['--explain', 'r-3']).job).toEqual({ kind: 'explain', about: 'r-3' });
});

it('--until takes minutes, hours and days', () => {
  const until = (time: string) => parseOptions(['--until', time]).untilMs;

  expect(['90m', '12h', '30d'].map(until)).toEqual([5_400_000, 43_200_000, 2_592_000_000]);
});

it('a wrong command line ends with 2 and says what is wrong', () => {
  expect(refusalOf('--until', '3 weeks')).toMatchObject({ code: 2, said: expect.stringContaining('30d') });
  expect(refusalOf('--without', 'gremlins').said).toContain('answer lost');
  expect(refusalOf('--seeds', '2', '--shrink').said).toContain('for one seed');
  expect(refusalOf('--million', '--explain').code).toBe(2);
  expect(refusalOf('--faults', 'all').code).toBe(2);
});

it('the printed command line of a task is read back as the same task', () => {
  const task = {
    ...{ seed: 7, orders: 1_000, faults: 'heavy' as const, untilMs: 3_600_000 },
    without: ['answer lost', 'a release, and back'],
  };
  const words = [...commandLine(task).matchAll(/'([^']+)'|(\S+)/g)].map(
    ([, quoted, plain]) => quoted ?? plain,
  );

  expect(taskOf(parseOptions(words.slice(4).map(String)), 7)).toEqual(task);
});

it.each(Object.entries(FAULT_NAMES))('the fault %s is left out by its name', (key, name) => {
  const rate = key as keyof typeof FAULT_NAMES;

  expect(HEAVY_FAULTS[rate]).not.toBe(NO_FAULTS[rate]);
  expect(faultsWithout(HEAVY_FAULTS, [name])).toEqual({ ...HEAVY_FAULTS, [rate]: NO_FAULTS[rate] });
});

it('a fault of calls is left out by its name', () => {
  const { calls, ...others } = faultsWithout(HEAVY_FAULTS, ['answer lost']);

  expect(calls).toEqual({ ...HEAVY_FAULTS.calls, 'answer lost': 0 });
  expect({ ...others, calls: HEAVY_FAULTS.calls }).toEqual(HEAVY_FAULTS);
});

it('no two kinds of faults and incidents share a name', () => {
  expect(new Set(KINDS).size).toBe(KINDS.length);
  expect(KINDS).toEqual(expect.arrayContaining([...INCIDENT_KINDS]));
});
