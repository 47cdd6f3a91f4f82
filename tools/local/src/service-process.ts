import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { spawnOffline } from './offline-process.ts';
import { pathFrom } from './paths.ts';
import {
  emulatorsAreUp,
  type FromService,
  type FunctionFault,
  type FunctionFaults,
  type InvocationReport,
  type ServiceReady,
} from './service-messages.ts';
import { repositoryRoot } from './services.ts';
import { askToStop } from './stop-child.ts';
import { isNoise } from './terminal.ts';

const READY_LIMIT_MS = 120_000;
const STOP_LIMIT_MS = 12_000;

export interface ServiceProcess {
  readonly name: string;
  readonly pid: number;
  /** Signals that DynamoDB and SQS are up; the service prepares everything else without them. */
  goOn(): void;
  /** Replaces the faults that its functions meet. */
  setFaults(faults: readonly FunctionFault[]): void;
  /** The message of the ready service. Rejects when the service ends or sends no message in time. */
  readonly ready: Promise<ServiceReady>;
  /** Resolves with how it ended, e.g. `exit code 1`. */
  readonly ended: Promise<string>;
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly name: string;
  readonly dir: string;
  readonly stage: string;
  /** Gets each line that it prints, without what serverless-offline says at every start and invocation. */
  readonly onLine: (line: string) => void;
  /** Called after each step of its start. */
  readonly onStep?: (step: string) => void;
  /** Called when a function of it has run. */
  readonly onInvocation?: (report: InvocationReport) => void;
  /** Its environment; this process's own by default. */
  readonly env?: NodeJS.ProcessEnv;
}

const DEFAULT_STAGE = 'dev';

/** The command that starts a service again so that it joins the running platform; on Windows for its command prompt. */
export const restartCommand = (
  dir: string,
  stage: string,
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string => {
  const settings = Object.entries(env)
    .filter(([name, value]) => name.startsWith('ORDERLY_') && name !== 'ORDERLY_STAGE' && value)
    .map(([name, value]) => (platform === 'win32' ? `set "${name}=${value}" && ` : `${name}=${value} `));
  const flag = stage === DEFAULT_STAGE ? '' : ` --stage ${stage}`;
  return `cd ${pathFrom(repositoryRoot, dir)} && ${settings.join('')}npx sls offline${flag}`;
};

const ending = async (child: ChildProcess): Promise<string> => {
  const [code, signal] = (await once(child, 'exit')) as [number | null, string | null];
  return signal ? `signal ${signal}` : `exit code ${code}`;
};

const readiness = (
  child: ChildProcess,
  { onStep, onInvocation }: Pick<ServiceOptions, 'onStep' | 'onInvocation'>,
): Promise<ServiceReady> =>
  new Promise((done) => {
    child.on('message', (message: FromService) => {
      if (message.type === 'ready') done(message);
      else if (message.type === 'step') onStep?.(message.step);
      else onInvocation?.(message);
    });
  });

const stopChild = async (child: ChildProcess, ended: Promise<string>): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  askToStop(child);
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await ended;
  clearTimeout(timer);
};

/** Starts `sls offline` for one service; the child's process id is the service's own. */
export const startService = (options: ServiceOptions): ServiceProcess => {
  const { name, dir, stage, onLine, env = process.env } = options;
  const child = spawnOffline(dir, stage, {
    env,
    // The channel carries its messages, and closes when this process is gone.
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  for (const output of [child.stdout, child.stderr]) {
    if (output) createInterface({ input: output }).on('line', (line) => void (isNoise(line) || onLine(line)));
  }
  const ended = ending(child);
  const failed = ended.then((how): never => {
    throw new Error(`${name} ended (${how}) before it was ready; its last lines above say why.`);
  });
  const silent = delay(READY_LIMIT_MS, undefined, { ref: false }).then((): never => {
    throw new Error(`${name} is not ready after ${READY_LIMIT_MS / 1000} s.`);
  });
  const ready = Promise.race([readiness(child, options), failed, silent]);
  ready.catch(() => undefined);
  const goOn = (): void => {
    if (child.connected) child.send(emulatorsAreUp);
  };
  const setFaults = (faults: readonly FunctionFault[]): void => {
    if (child.connected) child.send({ type: 'function-faults', faults } satisfies FunctionFaults);
  };
  return { name, pid: child.pid ?? 0, goOn, setFaults, ready, ended, stop: () => stopChild(child, ended) };
};
