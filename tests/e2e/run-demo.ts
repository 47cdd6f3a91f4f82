import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const root = resolve(__dirname, '../..');

/** What the demo prints with --json, as far as it is looked at here. */
export interface Summary {
  readonly ok: boolean;
  readonly deadLetters: number;
  readonly orders: { readonly placed: number; readonly confirmed: number; readonly rejected: number };
}

export interface Demo {
  readonly code: number | null;
  readonly summary: Summary;
}

const running = new Set<ChildProcess>();

/** A test that fails before its demo has ended must not leave it at work. */
export function killDemos(): void {
  for (const child of running) child.kill('SIGKILL');
}

/** Runs the demo against the platform under test; `onLog` sees its log grow. */
export function demo(args: readonly string[], onLog: (log: string) => void = () => {}): Promise<Demo> {
  return new Promise((done, fail) => {
    const argv = ['--import', 'tsx', 'src/main.ts', '--json', ...args];
    const child = spawn(process.execPath, argv, {
      cwd: resolve(root, 'tools/demo'),
      env: { ...process.env, INIT_CWD: root },
    });
    running.add(child);
    let [out, log] = ['', ''];
    child.stdout.on('data', (data) => {
      out += data;
    });
    child.stderr.on('data', (data) => {
      log += data;
      onLog(log);
    });
    child.once('error', fail);
    child.once('close', (code) => {
      running.delete(child);
      try {
        done({ code, summary: JSON.parse(out) as Summary });
      } catch {
        fail(new Error(`The demo printed no summary: ${out}\n${log}`));
      }
    });
  });
}
