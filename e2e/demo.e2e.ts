import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { eventually } from './eventually.ts';
import { killService, startService } from './services.ts';

const root = resolve(__dirname, '..');
const retailCsv = resolve(root, '../shared/data/online-retail.csv');

/** What the demo prints with --json, as far as it is looked at here. */
interface Summary {
  readonly ok: boolean;
  readonly deadLetters: number;
  readonly orders: { readonly placed: number; readonly confirmed: number; readonly rejected: number };
}

interface Demo {
  readonly code: number | null;
  readonly summary: Summary;
  readonly log: string;
}

// Hundreds of products and orders, on a machine that may be busy with more.
jest.setTimeout(300_000);

const running = new Set<ChildProcess>();

// A test that fails before its demo has ended must not leave it at work.
afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

/** Runs the demo against the platform under test; `onLog` sees its log grow. */
function demo(args: readonly string[], onLog: (log: string) => void = () => {}): Promise<Demo> {
  return new Promise((done, fail) => {
    const argv = ['--import', 'tsx', 'src/main.ts', '--json', ...args];
    const child = spawn(process.execPath, argv, {
      cwd: resolve(root, 'demo'),
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
        done({ code, summary: JSON.parse(out) as Summary, log });
      } catch {
        fail(new Error(`The demo printed no summary: ${out}\n${log}`));
      }
    });
  });
}

it('adds up for generated invoices', async () => {
  const { code, summary } = await demo(['--limit', '40']);

  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(summary.orders.confirmed).toBeGreaterThan(summary.orders.rejected);
  expect(code).toBe(0);
});

it('adds up when almost everything is short', async () => {
  const { code, summary } = await demo(['--limit', '30', '--stock', '5', '--seed', '2']);

  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(summary.orders.rejected).toBeGreaterThan(summary.orders.confirmed);
  expect(code).toBe(0);
});

it(`adds up for real invoices${existsSync(retailCsv) ? '' : ' (the CSV is absent: not covered here)'}`, async () => {
  if (!existsSync(retailCsv)) return expect(process.env.CI).toBeUndefined();
  const { code, summary } = await demo(['--file', retailCsv, '--limit', '40']);

  expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
  expect(code).toBe(0);
});

it.each(['orders', 'inventory', 'notifications'])(
  'adds up when %s is killed in the middle',
  async (service) => {
    let placing = false;
    const outcome = demo(['--limit', '30', '--seed', '3'], (log) => {
      placing ||= log.includes('Placing');
    });
    await eventually(() => expect(placing).toBe(true), 120_000);

    await killService(service);
    await startService(service);
    const { code, summary } = await outcome;

    expect(summary).toMatchObject({ ok: true, deadLetters: 0 });
    expect(code).toBe(0);
  },
);
