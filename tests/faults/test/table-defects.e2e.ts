import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { type PostgresServer, startPostgres } from '@orderly/clouds/postgres';
import { CheckoutCopy } from '@orderly/support/checkout-copy';
import { tableDefects } from '../src/table-defects.ts';

// The contract of tables and outboxes can fail: each mistake is made in a copy of the sources, and the tests that pass
// otherwise must report it.

const jestProgram = createRequire(__filename).resolve('jest/bin/jest');
const suites = ['table-contract.postgres', 'postgres-outbox'];

let copy: CheckoutCopy;
let server: PostgresServer;

beforeAll(async () => {
  copy = new CheckoutCopy('orderly-table-defects');
  server = await startPostgres();
});

afterAll(async () => {
  await server.stop();
  copy.remove();
});

/** The project's own configuration, without its checks of types: those would find some of the mistakes. */
const configOf = (root: string) => ({
  rootDir: root,
  roots: ['shared', 'tools/clouds', 'tools/local'].map((folder) => join(root, folder)),
  testEnvironment: 'node',
  testMatch: suites.map((suite) => `**/${suite}.integration.test.ts`),
  transform: {
    '\\.ts$': [
      join(root, 'tests/support/jest/compile-once.cjs'),
      {
        diagnostics: false,
        tsconfig: { target: 'ES2023', module: 'CommonJS', isolatedModules: true, esModuleInterop: true },
      },
    ],
  },
  moduleNameMapper: { '^@orderly/contracts$': join(root, 'shared/contracts/src/index.ts') },
  setupFilesAfterEnv: [join(root, 'tests/support/jest/function-environment.ts')],
  // Some mistakes make others wait for ever.
  testTimeout: 10_000,
});

interface TestRun {
  readonly numTotalTests: number;
  readonly numFailedTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

/** Runs the tests in the copy. */
const runTests = (): Promise<TestRun> =>
  new Promise((done, fail) => {
    const args = [
      jestProgram,
      '--config',
      JSON.stringify(configOf(copy.root)),
      '--json',
      '--silent',
      '--forceExit',
      // Another process takes longer to start than a suite to run.
      '--runInBand',
    ];
    const env = { ...process.env, ORDERLY_POSTGRES_URL: server.url };
    execFile(
      process.execPath,
      args,
      { cwd: copy.root, env, maxBuffer: 2 ** 26 },
      (_error, stdout, stderr) => {
        if (stdout.startsWith('{')) done(JSON.parse(stdout));
        else fail(new Error(stderr));
      },
    );
  });

it('finds nothing where nothing is wrong', async () => {
  const { numTotalTests, numFailedTests, numRuntimeErrorTestSuites } = await runTests();

  expect(numTotalTests).toBeGreaterThan(100);
  expect([numFailedTests, numRuntimeErrorTestSuites]).toEqual([0, 0]);
});

it.each(tableDefects)('reports $name', async ({ file, replace, by }) => {
  const path = join(copy.root, 'shared/functions/src/postgres', file);
  const right = readFileSync(path, 'utf8');
  expect(right.split(replace)).toHaveLength(2);
  writeFileSync(path, right.split(replace).join(by));

  const run = await runTests().finally(() => writeFileSync(path, right));

  // A copy that does not even load would prove nothing.
  expect(run.numRuntimeErrorTestSuites).toBe(0);
  expect(run.numFailedTests).toBeGreaterThan(0);
});
