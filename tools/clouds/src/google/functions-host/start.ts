import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { installed } from '../../install.ts';
import { bundleHost } from './bundle.ts';
import { type FromHost, type HostInvocation, type HostReady, PLAN_VARIABLE } from './messages.ts';
import { OWN_PATH, type Routing } from './router.ts';

const READY_MS = 60_000;
const STOP_MS = 12_000;

export interface FunctionsHostOptions extends Routing {
  /** For what the functions of the service are; the name of the process in messages. */
  readonly service: string;
  /** The file that registers the functions with Google's framework, as `bundleService` makes it. */
  readonly bundle: string;
  readonly functions: readonly string[];
  /** 0 for any free one. */
  readonly port: number;
  /** The environment of the functions, beside this process's own. */
  readonly env?: NodeJS.ProcessEnv;
  /** Gets each line that the functions print. */
  readonly onLine: (line: string) => void;
  readonly onInvocation?: (report: HostInvocation) => void;
}

export interface FunctionsHost {
  /** The API: requests are routed by method and path. */
  readonly url: string;
  readonly pid: number;
  /** The resident memory of the process once it answers, in bytes. */
  readonly memoryBytes: number;
  /** The URL of one function alone: for pushes and schedules. */
  urlOf(functionName: string): string;
  /** Resolves with how the process ended, e.g. `exit code 1`. */
  readonly ended: Promise<string>;
  /** Lets requests end, for up to ten seconds. */
  stop(): Promise<void>;
}

const ending = async (child: ChildProcess): Promise<string> => {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ? `signal ${signal}` : `exit code ${code}`;
};

const stopChild = async (child: ChildProcess, ended: Promise<string>): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // Windows has no SIGTERM.
  if (child.connected) child.disconnect();
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await ended;
  clearTimeout(timer);
};

/** Where Node.js finds the framework, which is not in a folder above the bundle. */
const modulePath = async (): Promise<string> => {
  const require = await installed('google');
  return join(dirname(require.resolve('@google-cloud/functions-framework')), '../../../..');
};

/**
 * Runs the functions of one service in one process, each in the application that Google's functions framework makes for it.
 * On Google each function is a service of Cloud Run of its own, and a load balancer or an API Gateway is in front.
 * @throws Error when a function is not registered, when the port is taken, or when the process ends before it is ready
 */
export const startFunctionsHost = async (options: FunctionsHostOptions): Promise<FunctionsHost> => {
  const { service, bundle, env = {}, onLine, onInvocation, port, functions, routes, fallback } = options;
  const plan = { bundle, port, functions, routes, fallback };
  const host = await bundleHost(dirname(bundle));
  const child = spawn(process.execPath, ['--enable-source-maps', host], {
    env: { ...process.env, ...env, NODE_PATH: await modulePath(), [PLAN_VARIABLE]: JSON.stringify(plan) },
    // The channel says when it is ready, and closes when this process is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const output of [child.stdout, child.stderr])
    if (output) createInterface({ input: output }).on('line', onLine);
  const ended = ending(child);
  const failed = ended.then((how): never => {
    throw new Error(`${service} ended (${how}) before it was ready; its last lines say why.`);
  });
  const silent = delay(READY_MS, undefined, { ref: false }).then((): never => {
    throw new Error(`${service} is not ready after ${READY_MS / 1_000} s.`);
  });
  const ready = new Promise<HostReady>((done) => {
    child.on('message', (message: FromHost) => {
      if (message.type === 'ready') done(message);
      else onInvocation?.(message);
    });
  });
  for (const one of [failed, silent, ready]) one.catch(() => undefined);
  try {
    const { port: actual, memoryBytes } = await Promise.race([ready, failed, silent]);
    const url = `http://127.0.0.1:${actual}`;
    return {
      url,
      pid: child.pid ?? 0,
      memoryBytes,
      urlOf: (name) => `${url}${OWN_PATH}${name}`,
      ended,
      stop: () => stopChild(child, ended),
    };
  } catch (error) {
    await stopChild(child, ended);
    throw error;
  }
};
