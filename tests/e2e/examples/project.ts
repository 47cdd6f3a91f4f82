import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { npmCommand } from '@orderly/local/npm';
import { programEnvironment } from '../platform.ts';

const root = resolve(__dirname, '../../..');
const leftBehind = new Set(['node_modules', 'spool', '.esbuild', '.serverless']);

/** An example as another team has it: in a folder outside of this repository, beside the packed contracts. */
export interface Project {
  readonly folder: string;
  /** Runs a command in the folder. @returns what it printed. @throws Error with the output when it fails */
  run(command: string, args: readonly string[]): Promise<string>;
  /** Starts it, against the platform under test. */
  start(env?: Readonly<Record<string, string>>): Running;
  /** Ends what is still running and removes the folder. */
  remove(): Promise<void>;
}

export interface Running {
  /** What it has printed so far. */
  output(): string;
  /** Sends a signal to it and all that it started, as a terminal or an operating system does. */
  signal(name: NodeJS.Signals): void;
  /** Resolves to the exit code, `null` when a signal ended it. */
  readonly ended: Promise<number | null>;
}

/** Copies an example beside the packed contracts, where it uses them, and installs it. */
export async function installExample(name: string): Promise<Project> {
  const parent = await mkdtemp(join(tmpdir(), 'orderly-example-'));
  const folder = join(parent, name);
  const children = new Set<Running>();
  const manifest = await readFile(join(root, 'examples', name, 'package.json'), 'utf8');
  const { scripts, dependencies } = JSON.parse(manifest);
  if (dependencies['@orderly/contracts'] !== undefined) {
    await npm(['pack', '--workspace', 'shared/contracts', '--pack-destination', parent], root);
  }
  await cp(join(root, 'examples', name), folder, {
    recursive: true,
    filter: (source) => !leftBehind.has(basename(source)),
  });
  await npm(['install', '--prefer-offline', '--no-audit', '--no-fund'], folder);

  return {
    folder,
    run: (command, args) => execute(command, args, folder, programEnvironment()),
    start(env = {}) {
      // What a crash left in flight comes back after three seconds.
      const settings = { ...programEnvironment(), VISIBILITY_TIMEOUT: '3' };
      const running = follow(
        // What `npm start` runs: npm itself takes half a second of a processor, and a shell would get the signals, too.
        spawn(process.execPath, programOf(scripts.start), {
          cwd: folder,
          env: { ...process.env, ...settings, ...env },
          stdio: ['ignore', 'pipe', 'pipe'],
          // A process group of its own, so that one signal reaches all of it.
          detached: true,
        }),
      );
      children.add(running);
      return running;
    },
    async remove() {
      for (const child of children) {
        child.signal('SIGKILL');
        await child.ended;
      }
      await rm(parent, { recursive: true, force: true });
    },
  };
}

/** The arguments of `node <arguments>`. */
function programOf(command: string): readonly string[] {
  const [node, ...args] = command.split(' ');
  if (node !== 'node') throw new Error(`The example must start with Node.js alone, not with: ${command}`);
  return args;
}

function npm(args: readonly string[], cwd: string): Promise<string> {
  const command = npmCommand(args);
  return execute(command.program, command.args, cwd);
}

function follow(child: ChildProcess): Running {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      output += data;
    });
  }
  return {
    output: () => output,
    signal(name) {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      process.kill(-child.pid, name);
    },
    // Not before its output is complete.
    ended: once(child, 'close').then(([code]) => code),
  };
}

async function execute(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Readonly<Record<string, string>> = {},
): Promise<string> {
  try {
    const { stdout } = await promisify(execFile)(command, args, { cwd, env: { ...process.env, ...env } });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = Object(error);
    throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  }
}
