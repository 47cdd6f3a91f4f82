import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { repositoryRoot } from '@orderly/local/services';
import { main } from '../../src/package/main.ts';

/** What one command line of `npm run package:cloud` prints, and its exit code. */
export async function run(folder: string, ...args: readonly string[]) {
  let [out, err] = ['', ''];
  const code = await main(args, {
    folder,
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}

/** The same in a process with other settings: what Jest sets in `process.env`, no other process sees. */
export async function runWith(
  settings: Readonly<Record<string, string>>,
  folder: string,
  ...args: readonly string[]
) {
  const child = spawn(
    process.execPath,
    ['--require', 'tsx/cjs', 'tools/clouds/src/package/main.ts', ...args],
    {
      cwd: repositoryRoot,
      env: { ...process.env, ...settings, INIT_CWD: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const ended = new Promise<number | null>((done) => child.once('close', done));
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}
