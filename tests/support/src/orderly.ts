import { main } from '@orderly/cli/main';

/** What a command line ended with, and what it printed. */
export interface Answer {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line of `orderly` in this process, which spares the start of a program, as if nobody watched. */
export async function orderly(...args: readonly string[]): Promise<Answer> {
  let [out, err] = ['', ''];
  const code = await main(args, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
    interactive: false,
  });
  return { code, out, err };
}

/** Runs it with `--json`. @returns what it printed; the caller says what that is @throws Error unless it ends with 0 */
export async function orderlyJson<T>(...args: readonly string[]): Promise<T> {
  const { code, out, err } = await orderly('--json', ...args);
  if (code !== 0) throw new Error(`orderly ${args.join(' ')} ended with ${code}: ${err}`);
  return JSON.parse(out) as T;
}
