import { main } from '@orderly/cli/main';
import { isDeployed, platform } from './platform.ts';

export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/**
 * Runs a command line of `orderly` on the platform under test: a local one is found by its stage, as a user's is. Within
 * this process, which spares the start of a program; the tests of the runbooks start it.
 */
export async function orderly(...args: readonly string[]): Promise<Answer> {
  let [out, err] = ['', ''];
  const streams = {
    out: (text: string) => {
      out += text;
    },
    err: (text: string) => {
      err += text;
    },
    interactive: false,
  };
  const code = await main(
    ['--stage', platform().stage, ...(isDeployed() ? ['--aws'] : []), ...args],
    streams,
  );
  return { code, out, err };
}

/** Runs it with `--json`. @returns what it printed; the caller says what that is @throws Error unless it ends with 0 */
export async function orderlyJson<T>(...args: readonly string[]): Promise<T> {
  const { code, out, err } = await orderly('--json', ...args);
  if (code !== 0) throw new Error(`orderly ${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}
