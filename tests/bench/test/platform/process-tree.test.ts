import { type ProcessEntry, parseProcess, usageOf } from '../../src/platform/process-tree.ts';

const stat = (pid: number, program: string, parent: number, user: number, system: number): string =>
  `${pid} (${program}) S ${parent} 1 1 0 -1 4194560 9 0 0 0 ${user} ${system} 0 0 20 0 11 0 2 3 4`;

const entry = (pid: number, parent: number, more: Partial<ProcessEntry> = {}): ProcessEntry => ({
  pid,
  parent,
  program: 'node',
  commandLine: '',
  cpuMs: 10,
  residentMiB: 1,
  ...more,
});

describe('a process as /proc shows it', () => {
  it('has its processor time in milliseconds and its memory in MiB', () =>
    expect(
      parseProcess(stat(7, 'java', 3, 120, 30), 'VmPeak:\t9 kB\nVmRSS:\t  2048 kB\n', 'java -jar'),
    ).toEqual({
      pid: 7,
      parent: 3,
      program: 'java',
      commandLine: 'java -jar',
      cpuMs: 1_500,
      residentMiB: 2,
    }));

  it('may have spaces and parentheses in its name', () =>
    expect(parseProcess(stat(7, 'a (b) c', 3, 1, 1), '', '')).toMatchObject({
      program: 'a (b) c',
      parent: 3,
    }));
});

describe('the use of a process tree', () => {
  const names = new Map([
    [1, 'npm start'],
    [2, 'orders'],
  ]);

  it('is summed up by name; a child without a name counts as its parent', () => {
    const emulators = { commandLine: 'node\0--import\0tsx\0/local/src/emulators-main.mts' };
    const usage = usageOf(
      [entry(1, 0), entry(2, 1), entry(3, 2), entry(4, 1, emulators), entry(5, 4, { program: 'java' })],
      { pid: 1, names },
    );

    expect(Object.fromEntries(usage)).toEqual({
      'npm start': { cpuMs: 10, residentMiB: 1 },
      orders: { cpuMs: 20, residentMiB: 2 },
      'embedded AWS': { cpuMs: 10, residentMiB: 1 },
      'DynamoDB Local': { cpuMs: 10, residentMiB: 1 },
    });
  });

  it('leaves out what belongs to somebody else', () =>
    expect([...usageOf([entry(1, 0), entry(9, 0), entry(10, 9)], { pid: 1, names }).keys()]).toEqual([
      'npm start',
    ]));
});
