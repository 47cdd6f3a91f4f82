import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type AwsProxy, startAwsProxy } from '@orderly/local/aws-proxy';

/** For so long a killed command holds messages: the proxy says so instead of it. */
const HELD_SECONDS = 1;

const bin = resolve(__dirname, '../bin/orderly.cjs');

/**
 * Runs a command in a process of its own, and kills that at its first call of an operation, which never comes back.
 * Resolves when the messages that it held are there again.
 *
 * @param service whose operation it is
 * @throws Error when the command ends before
 */
export async function killAt(
  service: 'sqs' | 'dynamodb',
  operation: string,
  args: readonly string[],
): Promise<void> {
  const endpoint = process.env[`AWS_ENDPOINT_URL_${service.toUpperCase()}`] ?? '';
  const cutOff = await startCutOff(operation, endpoint);
  const child = spawn(process.execPath, [bin, ...args], {
    stdio: 'ignore',
    env: { ...process.env, [`AWS_ENDPOINT_URL_${service.toUpperCase()}`]: cutOff.url },
  });
  try {
    const first = await Promise.race([cutOff.reached, once(child, 'exit')]);
    if (first !== 'cut off') throw new Error(`orderly ${args.join(' ')} never called ${operation}`);
    await kill(child);
    await pause(HELD_SECONDS * 1_000 + 100);
  } finally {
    child.kill('SIGKILL');
    cutOff.close();
  }
}

/** Passes on every call but one, which never comes back. */
async function startCutOff(
  operation: string,
  endpoint: string,
): Promise<AwsProxy & { readonly reached: Promise<'cut off'> }> {
  let reach = (): void => undefined;
  const reached = new Promise<'cut off'>((done) => {
    reach = () => done('cut off');
  });
  const proxy = await startAwsProxy(endpoint, async (call, forward) => {
    if (call.operation !== operation)
      return forward(call.body.replace(/"VisibilityTimeout":\d+/, `"VisibilityTimeout":${HELD_SECONDS}`));
    reach();
    return new Promise(() => undefined);
  });
  return { ...proxy, reached };
}

async function kill(child: ChildProcess): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}
