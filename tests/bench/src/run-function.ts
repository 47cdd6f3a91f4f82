import { type ChildProcess, execFile } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PackagedFunction } from '@orderly/local/packages';
import { unpack } from '@orderly/serverless/unpack.ts';
import { limitProcess } from './limit/limit.ts';

/** What calls of a packaged function in a fresh process came to. */
export interface Run {
  readonly loadMs: number;
  /** Of each call, in order. */
  readonly callsMs: readonly [first: number, ...others: number[]];
  /** The most that the process had resident. */
  readonly memoryMiB: number;
  readonly answers: readonly unknown[];
}

/** How a function is run, where it is not with this Node.js and all that the machine has. */
export interface Conditions {
  /** The path of the Node.js that runs it. */
  readonly node?: string;
  /** The share of one core that it has from where it is loaded. */
  readonly share?: number;
  /** The program beside this file that loads and calls it: `invoke.cjs`, or one that takes the same arguments. */
  readonly program?: string;
}

/**
 * Runs a packaged function in a fresh process that has what Lambda gives it and nothing else.
 *
 * @param events it is called with each, one after the other
 * @param endpoints `AWS_ENDPOINT_URL_...` variables of the services that it may call, and others
 * @throws Error with what the process printed when it fails
 */
export async function runFunction(
  fn: PackagedFunction,
  events: readonly unknown[],
  endpoints: Readonly<Record<string, string>>,
  conditions: Conditions = {},
): Promise<Run> {
  const exported = fn.handler.slice(fn.handler.lastIndexOf('.') + 1);
  const env = { ...fn.environment, ...endpoints, AWS_LAMBDA_FUNCTION_NAME: fn.name };
  return runFile<Run>(await unpack(fn), exported, events, env, conditions);
}

/** What Lambda's runtime has in its environment, and nothing else. */
export const runtimeEnvironment: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/** A profile of a process is some 500 kB. */
const maxBuffer = 64 * 2 ** 20;

/**
 * Loads a file in a fresh process and calls what it exports with each event. Region and credentials come from the
 * environment; there is no home folder with AWS files.
 *
 * @typeParam Result what the program prints, {@link Run} unless it is another one than invoke.cjs
 * @throws Error with what the process printed when it fails
 */
export async function runFile<Result = Run>(
  file: string,
  exported: string,
  events: readonly unknown[],
  variables: Readonly<Record<string, string>>,
  { node = process.execPath, share, program = 'invoke.cjs' }: Conditions = {},
): Promise<Result> {
  const env = { ...runtimeEnvironment, ...variables };
  const argv = [join(__dirname, program), file, exported];
  const started = promisify(execFile)(node, argv, { env, timeout: 60_000, maxBuffer });
  if (share !== undefined) await limited(started.child, share);
  started.child.stdin?.end(JSON.stringify(events));
  const { stdout } = await started;
  const line = stdout.trim().split('\n').at(-1) ?? '';
  return JSON.parse(line) as Result;
}

/** Limits a process as soon as it has started. */
async function limited({ pid, stdout }: ChildProcess, share: number): Promise<void> {
  if (pid === undefined || stdout === null) throw new Error('The process did not start');
  await once(stdout, 'data');
  await limitProcess(pid, share);
}
