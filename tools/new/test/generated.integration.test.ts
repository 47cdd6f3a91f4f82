import { execFile } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { runFramework } from '@orderly/local/framework';
import { CheckoutCopy } from '@orderly/support/checkout-copy';

// Each generator runs in one copy of the repository, and what it has generated is examined there as `npm test` does it.

const copy = new CheckoutCopy('orderly-new');
const own = 'services/payments';
/** The subscribers' programs use a package that only they install. */
const ofSubscribers = [
  'examples/billing/src',
  'examples/billing/test',
  'elsewhere/audits/src/react.ts',
  'elsewhere/audits/test',
];
const checked = [own, 'services/orders', 'services/returns', 'tests/e2e/payments.e2e.ts', ...ofSubscribers];
const linted = [
  own,
  'services/orders',
  'services/returns',
  'examples/billing',
  'elsewhere',
  'tests/e2e/payments.e2e.ts',
];

// npm says where it was called, and --to begins there.
const env = { ...process.env, INIT_CWD: copy.root };

/** Runs an installed program in the copy. @throws Error with what it printed when it fails */
async function run(program: string, ...argv: readonly string[]): Promise<string> {
  const path = join(copy.root, 'node_modules/.bin', program);
  try {
    const { stdout } = await promisify(execFile)(path, argv, { cwd: copy.root, env, maxBuffer: 1e8 });
    return stdout;
  } catch (error) {
    const { stdout, stderr } = Object(error);
    throw new Error(`${program} ${argv.join(' ')} failed:\n${stdout}${stderr}`);
  }
}

const read = (path: string) => readFileSync(join(copy.root, path), 'utf8');
const generate = (...argv: readonly string[]) => run('tsx', 'tools/new/src/main.ts', ...argv);

/** All but the service, in one process, without the documents: those are made with the service. */
const lines: readonly (readonly string[])[] = [
  ['event', 'orders', 'OrderPaid'],
  ['function', 'orders', 'refund-order', '--http', 'POST /orders/{orderId}/refund'],
  ['function', 'orders', 'close-books', '--schedule', 'rate(1 day)'],
  ['function', 'returns', 'consume-order-events', '--topic', 'order-events', '--events', 'OrderShipped'],
  ['subscriber', 'billing', '--events', 'OrderConfirmed,OrderCancelled'],
  ['subscriber', 'audits', '--events', 'StockReserved', '--kind', 'process', '--to', 'elsewhere/audits'],
];
const generateAll = `
  const { main } = require('./tools/new/src/main.ts');
  const { processSession } = require('./tools/new/src/session.ts');
  const { write } = require('./tools/new/src/write.ts');
  const { noPlan } = require('./tools/new/src/plan.ts');
  const session = { ...processSession(), write: (plan) => write({ ...plan, generates: noPlan.generates }) };
  (async () => {
    for (const line of ${JSON.stringify(lines)}) process.exitCode ||= await main(line, session);
  })();
`;

/** A service by hand: it has neither topic, table nor API, and refuses every request. */
const bare = {
  'services/returns/src/functions/fallback.ts': `import { fallback } from '@orderly/functions/http/handler';

export const handler = fallback({});
`,
  'services/returns/package.json': `${JSON.stringify({ name: '@orderly/returns', version: '0.1.0' }, undefined, 2)}\n`,
  'services/returns/serverless.yml': `service: returns
frameworkVersion: "4"

plugins: \${file(../../shared/serverless/service.yml):plugins}
provider: \${file(../../shared/serverless/service.yml):provider}
package: \${file(../../shared/serverless/service.yml):package}
params: \${file(../../shared/serverless/stages.yml)}

custom:
  esbuild: \${file(../../shared/serverless/service.yml):esbuild}
  settings: \${file(../../shared/serverless/settings.yml)}

functions:
  - \${file(../../shared/serverless/fallback.yml)}
`,
};

function addBareService(): void {
  for (const [path, content] of Object.entries(bare)) {
    mkdirSync(dirname(join(copy.root, path)), { recursive: true });
    writeFileSync(join(copy.root, path), content);
  }
  appendFileSync(join(copy.root, 'serverless-compose.yml'), '  returns:\n    path: services/returns\n');
  copy.linkWorkspace('returns', '../../services/returns');
}

let printed = '';

beforeAll(async () => {
  addBareService();
  await run('tsx', '--eval', generateAll);
  printed = await generate('service', 'payments');
});

afterAll(() => copy.remove());

it('a generator prints the files that it has created and changed, and what to do next', () => {
  const created = [...printed.matchAll(/^created {2}(\S+)$/gm)].map(([, path = '']) => path);

  expect(created).toContain(`${own}/serverless.yml`);
  expect(created.filter((path) => !existsSync(join(copy.root, path)))).toEqual([]);
  expect(printed).toContain('changed  serverless-compose.yml');
  expect(printed).toMatch(/curl -s http:\/\/127\.0\.0\.1:300\d\/payments/);
});

it('what is generated passes the linter', async () => {
  await run(
    'biome',
    'check',
    '--error-on-warnings',
    ...linted,
    'shared/contracts',
    'tools/cli/src',
    'tools/codegen',
  );
});

it('what is generated type-checks', async () => {
  const include = [...checked, 'shared/contracts', 'shared/client/src', 'tools/cli/src/replay'];
  writeFileSync(
    join(copy.root, 'tsconfig.new.json'),
    JSON.stringify({ extends: './tsconfig.json', include }),
  );

  await run('tsc', '--project', 'tsconfig.new.json');
});

it('generated tests pass, and so do those that hold for all services and events', async () => {
  const ofOrders = 'services/orders/test/(refund|close)';
  const ofAll = ['tests/platform/(routes|released)', 'shared/contracts/test/event-def', 'client-source'];
  const tests = [own, 'services/returns', ofOrders, ...ofAll];

  await run('jest', '--selectProjects', 'unit', 'integration', '--testPathPatterns', ...tests);
});

it('the tests of generated subscribers pass', async () => {
  const tests = ['examples/billing/test', 'elsewhere/audits/test'].flatMap((folder) =>
    readdirSync(join(copy.root, folder)).map((file) => join(folder, file)),
  );

  const argv = ['--import', 'tsx', '--test', ...tests];
  const { stdout } = await promisify(execFile)(process.execPath, argv, {
    cwd: copy.root,
    env: { ...env, TSX_TSCONFIG_PATH: join(copy.root, 'tsconfig.json') },
  });

  expect(stdout).toMatch(/^# pass \d{2}$/m);
});

it('services are packaged', async () => {
  const services = [own, 'services/returns'].map((folder) => join(copy.root, folder));

  const results = await runFramework(services.map((cwd) => ({ cwd, argv: ['package', '--stage', 'dev'] })));

  expect(results).toMatchObject([{ code: 0 }, { code: 0 }]);
  const zips = (folder: string) =>
    readdirSync(join(folder, '.serverless')).flatMap((file) => /(.*)\.zip$/.exec(file)?.[1] ?? []);
  expect(services.map(zips)).toEqual([
    ['consume-order-events', 'fallback', 'get-payment', 'open-payment', 'publish-events'],
    ['consume-order-events', 'fallback'],
  ]);
});

const examination = `
  const { readFileSync } = require('node:fs');
  const names = (services) => services.map(({ name }) => name);
  const { artefacts } = require('./tools/codegen/documents/artefacts.ts');
  console.log(JSON.stringify({
    local: require('./tools/local/src/services.ts').services,
    codegen: names(require('./tools/codegen/documents/platform.ts').readServices()),
    release: names(require('./tools/release/src/services.ts').readServices(process.cwd())),
    stale: artefacts().filter(({ path, content }) => readFileSync(path, 'utf8') !== content),
    broken: require('./tools/codegen/contracts/gate.ts').checkReleased(process.cwd()) ?? '',
  }));
`;

it('services are in the lists that tools derive, documents are up to date, and the contract gate passes', async () => {
  const { stale, broken, ...lists } = JSON.parse(await run('tsx', '--eval', examination));

  const all = expect.arrayContaining(['returns', 'payments']);
  expect(lists).toEqual({ local: all, codegen: all, release: all });
  expect([stale, broken]).toEqual([[], '']);
  expect(read('docs/reference/events.md')).toMatch(/OrderPaid[\s\S]*PaymentOpened/);
  expect(read('docs/reference/openapi/orders.yaml')).toContain('/orders/{orderId}/refund');
});
