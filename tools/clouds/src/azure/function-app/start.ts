import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { build } from 'esbuild';
import { installed } from '../../install.ts';
import type { FromHost, FunctionDescription, HostSettings, InvocationReport } from './messages.ts';

export type { FunctionDescription, InvocationReport } from './messages.ts';

const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

export interface FunctionAppOptions {
  /** The app's program: a CommonJS file that registers its functions with `@azure/functions`. Absolute. */
  readonly bundle: string;
  /** 0 for any free one. */
  readonly port: number;
  /** App settings, added to this process' environment. */
  readonly env: Readonly<Record<string, string>>;
  /** What host.json says. */
  readonly hostJson: unknown;
  /** Gets each line that the functions write, as they write it, and what the host warns of. */
  readonly onLine: (line: string) => void;
  readonly onInvocation?: (report: InvocationReport) => void;
}

export interface FunctionApp {
  readonly url: string;
  readonly pid: number;
  readonly functions: readonly FunctionDescription[];
  /** Runs the function of a timer now. */
  runTimer(name: string): void;
  /** Resolves with how it ended, e.g. `exit code 1`. */
  readonly ended: Promise<string>;
  /** Lets what runs end, for five seconds at most. */
  stop(): Promise<void>;
}

/** The host as one file, so that its process needs no compiler. */
const bundleHost = async (folder: string): Promise<string> => {
  const outfile = join(folder, 'function-app-host.cjs');
  const entryPoints = [join(__dirname, 'main.ts')];
  await build({ entryPoints, outfile, bundle: true, platform: 'node', target: 'node20', logLevel: 'silent' });
  return outfile;
};

const ending = async (child: ChildProcess): Promise<string> => {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ? `signal ${signal}` : `exit code ${code}`;
};

/**
 * Runs a function app in a process of its own, with the real library `@azure/functions`: it takes the place of Azure's host
 * and of its Node.js worker. Service Bus is received from by Microsoft's client.
 *
 * @throws Error with what the process wrote when it does not start, e.g. for a binding that the host does not implement
 */
export const startFunctionApp = async (options: FunctionAppOptions): Promise<FunctionApp> => {
  const { bundle, port, env, hostJson, onLine, onInvocation } = options;
  const packages = (await installed('azure')).resolve('@azure/functions/package.json');
  const host = await bundleHost(dirname(bundle));
  const settings: HostSettings = { bundle, packages, port, hostJson };
  const child = fork(host, [JSON.stringify(settings)], {
    env: { ...process.env, ...env },
    execArgv: [],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const ended = ending(child);
  const lines: string[] = [];
  let isReady = false;
  for (const stream of [child.stdout, child.stderr])
    if (stream)
      createInterface({ input: stream }).on('line', (line) => {
        if (!isReady) lines.push(line);
        onLine(line);
      });
  const ready = new Promise<Extract<FromHost, { type: 'ready' }>>((done) => {
    child.on('message', (message: FromHost) => {
      if (message.type === 'ready') done(message);
      else onInvocation?.(message);
    });
  });
  const limit = AbortSignal.timeout(READY_LIMIT_MS);
  const tooLate = once(limit, 'abort').then(() => `not ready within ${READY_LIMIT_MS} ms`);
  const first = await Promise.race([ready, ended, tooLate]);
  if (typeof first === 'string') {
    child.kill('SIGKILL');
    throw new Error(`The function app ${bundle} did not start: ${first}\n${lines.join('\n')}`);
  }
  isReady = true;
  return {
    url: `http://127.0.0.1:${first.port}`,
    pid: child.pid ?? 0,
    functions: first.functions,
    runTimer: (name) => void child.send({ name }),
    ended,
    async stop() {
      // Windows has no SIGTERM.
      if (process.platform === 'win32' && child.connected) child.disconnect();
      else child.kill('SIGTERM');
      const killer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
      await ended;
      clearTimeout(killer);
    },
  };
};
