import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { repositoryRoot } from './services.ts';

export interface Emulators {
  /** Endpoint of DynamoDB, when one was started. */
  readonly dynamodb?: string;
  /** Endpoint of SQS, when one was started. */
  readonly sqs?: string;
  /** Resolves when the emulators end by themselves, which they should not. */
  readonly ended: Promise<void>;
  /** Stops what was started; resolves when the processes are gone. */
  stop(): Promise<void>;
}

export interface EmulatorPorts {
  readonly dynamodb?: number | undefined;
  readonly sqs?: number | undefined;
}

interface FirstLine {
  readonly error?: string;
  readonly dynamodb?: string;
  readonly sqs?: string;
}

const firstLine = async (child: ChildProcess): Promise<FirstLine> => {
  if (!child.stdout) throw new Error('The emulators have no output to read.');
  const lines = createInterface({ input: child.stdout });
  const gone = once(child, 'exit').then(() => [
    JSON.stringify({ error: 'The emulators ended while starting.' }),
  ]);
  const [line] = (await Promise.race([once(lines, 'line'), gone])) as [string];
  return JSON.parse(line) as FirstLine;
};

const stopChild = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.stdin?.end();
  await exited;
};

/**
 * Starts DynamoDB and SQS in a process of their own, which ends with this one however this one ends.
 * @param ports the port of each emulator to start; one left out is not started
 * @throws Error with the reason, e.g. a port is taken, or DynamoDB Local is selected and Java is missing
 */
export const startEmulators = async (ports: EmulatorPorts): Promise<Emulators> => {
  const flags = Object.entries(ports).flatMap(([name, port]) =>
    port === undefined ? [] : [`--${name}`, String(port)],
  );
  const main = join(__dirname, 'emulators-main.ts');
  const child = spawn(process.execPath, ['--require', 'tsx/cjs', main, ...flags], {
    cwd: repositoryRoot,
    // Its own process group: Ctrl-C must reach the services first, while the emulators still answer.
    detached: true,
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit').then(() => undefined);
  const { error, ...endpoints } = await firstLine(child);
  if (error !== undefined) {
    await stopChild(child);
    throw new Error(error);
  }
  return { ...endpoints, ended, stop: () => stopChild(child) };
};
