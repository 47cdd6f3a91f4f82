import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { isDeployed, platform } from './platform.ts';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const bin = resolve(__dirname, '../cli/bin/orderly.cjs');

/** Runs the program `orderly` on the platform under test: a local one is found by its stage, as a user's is. */
export function orderly(...args: readonly string[]): Promise<Answer> {
  const argv = [bin, '--stage', platform().stage, ...(isDeployed() ? ['--aws'] : []), ...args];
  return new Promise((done) => {
    execFile(process.execPath, argv, { timeout: 240_000 }, (error, out, err) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1;
      done({ code, out, err });
    });
  });
}

/** Runs it with `--json`. @returns what it printed; the caller says what that is @throws Error unless it ends with 0 */
export async function orderlyJson<T>(...args: readonly string[]): Promise<T> {
  const { code, out, err } = await orderly('--json', ...args);
  if (code !== 0) throw new Error(`orderly ${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}
