import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { eventually } from '@orderly/support/eventually';
import { freePort, isFree } from '../src/ports.ts';
import { serverlessBin } from '../src/service-config.ts';
import { type Clients, localClients } from '../src/testing.ts';

/** The service in the folder fixture, running by itself. */
export interface Service {
  readonly child: ChildProcess;
  readonly exited: Promise<unknown[]>;
  readonly lines: readonly string[];
  readonly ports: { readonly http: number; readonly dynamodb: number; readonly sqs: number };
  readonly url: string;
  readonly clients: Clients;
}

/** The Lambda API is 100 above the HTTP API, so both must be free. */
export const LAMBDA_OFFSET = 100;

const freeServicePort = async (): Promise<number> => {
  for (;;) {
    const port = await freePort();
    if (port < 65_000 && (await isFree(port + LAMBDA_OFFSET))) return port;
  }
};

/** Runs `sls <command>` in its folder, with ports and a stage of its own. @param cwd the folder of another service */
export const start = async (
  command: readonly string[],
  env: NodeJS.ProcessEnv = {},
  cwd = resolve(__dirname, 'fixture'),
): Promise<Service> => {
  const ports = { http: await freeServicePort(), dynamodb: await freePort(), sqs: await freePort() };
  const stage = `p${ports.http}`;
  const child = spawn(process.execPath, [serverlessBin(), ...command, '--stage', stage], {
    cwd,
    env: {
      ...process.env,
      [`ORDERLY_${basename(cwd).toUpperCase()}_PORT`]: String(ports.http),
      ORDERLY_DYNAMODB_PORT: String(ports.dynamodb),
      ORDERLY_SQS_PORT: String(ports.sqs),
      ORDERLY_VISIBILITY_TIMEOUT: '1',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    createInterface({ input: output }).on('line', (line) => lines.push(line));
  }
  const endpoints = { dynamodb: `http://127.0.0.1:${ports.dynamodb}`, sqs: `http://127.0.0.1:${ports.sqs}` };
  const clients = localClients(endpoints, 'eu-central-1');
  const exited = once(child, 'exit');
  return { child, exited, lines, ports, url: `http://127.0.0.1:${ports.http}`, clients };
};

export const untilReady = ({ lines, child }: Service) =>
  eventually(() => {
    if (child.exitCode !== null) throw new Error(`it ended:\n${lines.join('\n')}`);
    expect(lines.join('\n')).toContain(' is ready at');
  });
