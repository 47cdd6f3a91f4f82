import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

/** The package as another team gets it: packed, installed into an empty project outside of this repository. */

const contracts = join(__dirname, '..');
const run = promisify(execFile);
const node = (script: string, args: readonly string[], cwd: string) =>
  // What a tool prints of its findings is in stdout.
  run(process.execPath, [script, ...args], { cwd }).catch((error) => {
    throw new Error(`${error.stdout}${error.stderr}`);
  });

const installed = (name: string) => join(contracts, '../../node_modules', name);

const consumer = `
import { dispatcher, OrderConfirmed, on, parseEvent, SequenceGuard, type OrderId, type Sku } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';

const guard = new SequenceGuard();
const picked: { orderId: OrderId; skus: readonly Sku[] }[] = [];
const dispatch = dispatcher(
  on(OrderConfirmed, async (event) => {
    if (!guard.isNew(event)) return;
    picked.push({ orderId: event.data.orderId, skus: event.data.lines.map(({ sku }) => sku) });
    guard.handled(event);
  }),
);
const message = JSON.stringify(sampleEvent(OrderConfirmed));
const parsed = parseEvent(message);
if (parsed.outcome === 'event' && parsed.event.type === OrderConfirmed.type) {
  const at: string = parsed.event.data.confirmedAt;
  if (at === '') throw new Error('no time');
}
async function main() {
  await dispatch(message);
  await dispatch(message);
  console.log(JSON.stringify(picked));
}
main();
`;
const misuse = `
import { OrderConfirmed, on } from '@orderly/contracts';
on(OrderConfirmed, async ({ data }) => { console.log(data.confirmed); });
`;

let project: string;
let tarball: string;

beforeAll(async () => {
  project = await mkdtemp(join(tmpdir(), 'orderly-consumer-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', project], { cwd: contracts });
  // npm prints what the build says before its own JSON.
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('[\n'))) as { filename: string }[];
  tarball = join(project, packed?.filename ?? '');
  await writeFile(join(project, 'package.json'), '{ "name": "consumer", "private": true }');
  await run('npm', ['install', '--no-audit', '--no-fund', tarball], { cwd: project });
  await writeFile(join(project, 'esm.mts'), consumer);
  await writeFile(join(project, 'cjs.cts'), consumer);
  await writeFile(join(project, 'misuse.mts'), misuse);
});
afterAll(() => rm(project, { recursive: true, force: true }));

const typeCheck = (files: readonly string[], ...options: readonly string[]) =>
  node(
    join(installed('typescript'), 'bin/tsc'),
    ['--strict', '--target', 'es2023', '--lib', 'es2023,dom', ...options, ...files],
    project,
  );

it('brings valibot along and nothing else', async () => {
  const names = await readdir(join(project, 'node_modules'));

  expect(names.filter((name) => !name.startsWith('.')).sort()).toEqual(['@orderly', 'valibot']);
});

it('type-checks under strict and runs, as ES modules and as CommonJS; a field that the event does not have is an error', async () => {
  const findings: string = await typeCheck(['esm.mts', 'cjs.cts', 'misuse.mts'], '--module', 'nodenext').then(
    () => '',
    (error: Error) => error.message,
  );

  expect(findings.trim().split('\n')).toEqual([
    expect.stringMatching(/^misuse\.mts.*Property 'confirmed' does not exist/),
  ]);
  for (const compiled of ['esm.mjs', 'cjs.cjs']) {
    const { stdout } = await node(compiled, [], project);
    expect(JSON.parse(stdout)).toEqual([
      { orderId: '0192f0c1-7e00-7000-8000-000000000001', skus: ['85123A', '71053'] },
    ]);
  }
});

it('type-checks for a bundler', async () => {
  await typeCheck(['esm.mts'], '--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit');
});

it('has no error in the eyes of publint and of Are The Types Wrong', async () => {
  await node(join(installed('publint'), 'src/cli.js'), [tarball, '--strict'], project);
  // Its profile for what we support: Node 20 and newer, and bundlers.
  await node(
    join(installed('@arethetypeswrong/cli'), 'dist/index.js'),
    [tarball, '--profile', 'node16'],
    project,
  );
});

it('leaves events that are not used out of a bundle', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "import { OrderPlaced } from '@orderly/contracts'; console.log(OrderPlaced)",
      resolveDir: project,
    },
    bundle: true,
    minify: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    write: false,
  });

  const bundle = outputFiles[0]?.text ?? '';
  expect(bundle).toContain('orderly.order.placed.v1');
  expect(bundle).not.toContain('orderly.order.shipped.v1');
  expect(bundle).not.toContain('orderly.stock');
});
