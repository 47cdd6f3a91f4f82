import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What a process of the platform has used since it began. */
export interface Usage {
  readonly cpuMs: number;
  readonly residentMiB: number;
}

/** By the process's name: `embedded AWS`, `DynamoDB Local`, or one that was given. */
export type TreeUsage = ReadonlyMap<string, Usage>;

/** One process as /proc shows it. */
export interface ProcessEntry extends Usage {
  readonly pid: number;
  readonly parent: number;
  /** The name of its program, e.g. `java`. */
  readonly program: string;
  readonly commandLine: string;
}

/** USER_HZ is 100 on every architecture that Node runs on (man 7 time, man 5 proc_pid_stat). */
const MS_PER_TICK = 10;
const KIB_PER_MIB = 1024;

/** A process and all that it has started. */
export interface ProcessTree {
  readonly pid: number;
  /** Names by process id, that of `pid` among them. */
  readonly names: ReadonlyMap<number, string>;
}

/** What the processes of a tree use; undefined where the system has no /proc. */
export function readTree(tree: ProcessTree): TreeUsage | undefined {
  return existsSync('/proc/self/stat') ? usageOf(readProcesses(), tree) : undefined;
}

/** Sums up processes by name; a child that has no name of its own counts as its parent. */
export function usageOf(processes: readonly ProcessEntry[], { pid, names }: ProcessTree): TreeUsage {
  const usage = new Map<string, Usage>();
  const visit = (entry: ProcessEntry, inherited: string): void => {
    const name = names.get(entry.pid) ?? emulatorName(entry) ?? inherited;
    const { cpuMs, residentMiB } = usage.get(name) ?? { cpuMs: 0, residentMiB: 0 };
    usage.set(name, { cpuMs: cpuMs + entry.cpuMs, residentMiB: residentMiB + entry.residentMiB });
    for (const child of processes.filter(({ parent }) => parent === entry.pid)) visit(child, name);
  };
  for (const root of processes.filter((entry) => entry.pid === pid)) visit(root, 'others');
  return usage;
}

function emulatorName({ program, commandLine }: ProcessEntry): string | undefined {
  if (program === 'java') return 'DynamoDB Local';
  return commandLine.includes('emulators-main') ? 'embedded AWS' : undefined;
}

function readProcesses(): readonly ProcessEntry[] {
  return readdirSync('/proc').flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const read = (file: string): string => readFileSync(`/proc/${pid}/${file}`, 'utf8');
      return [parseProcess(read('stat'), read('status'), read('cmdline'))];
    } catch {
      // It has ended since.
      return [];
    }
  });
}

/** @param stat and the others: the files of that name in /proc/<pid> */
export function parseProcess(stat: string, status: string, commandLine: string): ProcessEntry {
  // The program's name is in parentheses and may hold anything; fields are counted after it.
  const [, pid, program = '', rest = ''] = /^(\d+) \((.*)\) (.*)$/s.exec(stat) ?? [];
  const fields = rest.split(' ');
  const [, residentKiB = '0'] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
  return {
    pid: Number(pid),
    parent: Number(fields[1]),
    program,
    commandLine,
    cpuMs: (Number(fields[11]) + Number(fields[12])) * MS_PER_TICK,
    residentMiB: Number(residentKiB) / KIB_PER_MIB,
  };
}
