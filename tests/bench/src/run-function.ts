import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { PackagedFunction } from '@orderly/local/packages';
import { unpack } from '@orderly/serverless/unpack.ts';

/** What one call of a packaged function in a fresh process came to. */
export interface Run {
  readonly loadMs: number;
  readonly callMs: number;
  /** The most that the process had resident. */
  readonly memoryMiB: number;
  readonly answer: unknown;
}

/**
 * Runs a packaged function in a fresh process that has what Lambda gives it and nothing else.
 *
 * @param endpoints `AWS_ENDPOINT_URL_...` variables of the services that it may call
 * @throws Error with what the process printed when it fails
 */
export async function runFunction(
  fn: PackagedFunction,
  event: unknown,
  endpoints: Readonly<Record<string, string>>,
): Promise<Run> {
  const exported = fn.handler.slice(fn.handler.lastIndexOf('.') + 1);
  const env = { ...fn.environment, ...endpoints, AWS_LAMBDA_FUNCTION_NAME: fn.name };
  return runFile(await unpack(fn), exported, event, env);
}

/** What Lambda's runtime has in its environment, and nothing else. */
export const runtimeEnvironment: Readonly<Record<string, string>> = {
  AWS_REGION: 'eu-central-1',
  AWS_ACCESS_KEY_ID: 'local',
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
};

/**
 * Loads a file in a fresh process and calls what it exports once. Region and credentials come from the
 * environment; there is no home folder with AWS files.
 *
 * @param node the path of the Node.js that runs it
 * @throws Error with what the process printed when it fails
 */
export async function runFile(
  file: string,
  exported: string,
  event: unknown,
  variables: Readonly<Record<string, string>>,
  node = process.execPath,
): Promise<Run> {
  const env = { ...runtimeEnvironment, ...variables };
  const stdout = await new Promise<string>((resolve, reject) => {
    const argv = [join(__dirname, 'invoke.cjs'), file, exported];
    const child = execFile(node, argv, { env, timeout: 30_000 }, (error, out) =>
      error === null ? resolve(out) : reject(error),
    );
    child.stdin?.end(JSON.stringify(event));
  });
  const line = stdout.trim().split('\n').at(-1) ?? '';
  return JSON.parse(line) as Run;
}
