import { execFile } from 'node:child_process';
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { installed } from '@orderly/clouds/install';
import { type PostgresServer, startPostgres } from '@orderly/clouds/postgres';
import { repositoryRoot } from '@orderly/local/ports';
import { CheckoutCopy } from '@orderly/support/checkout-copy';
import type { Finding } from '@orderly/support/verdict';
import { type TableDefect, tableDefects } from '../src/table-defects.ts';

// The suite can fail on other clouds, too: a mistake is made in a copy of the sources, and the run that finds nothing
// otherwise (faults.clouds.e2e.ts) must report it. Those of the adapter for PostgreSQL are all found in table-defects.e2e.ts.

const SEED = 2;
const ORDERS = 30;

let copy: CheckoutCopy;
let server: PostgresServer;

beforeAll(async () => {
  await installed('azure');
  server = await startPostgres();
  copy = new CheckoutCopy('orderly-cloud-defects');
  const packages = 'tools/clouds/azure/node_modules';
  symlinkSync(join(repositoryRoot, packages), join(copy.root, packages));
});

afterAll(async () => {
  await server.stop();
  copy.remove();
});

function make({ file, replace, by }: TableDefect): void {
  const path = join(copy.root, 'shared/functions/src/postgres', file);
  const right = readFileSync(path, 'utf8');
  expect(right.split(replace)).toHaveLength(2);
  writeFileSync(
    path,
    right.replace(replace, () => by),
  );
}

/** Runs the suite in the copy. @returns the findings */
const runSuite = (): Promise<readonly Finding[]> =>
  new Promise((done, fail) => {
    const tsx = createRequire(__filename).resolve('tsx/cjs');
    const options = ['--cloud', 'azure', '--orders', String(ORDERS), '--seed', String(SEED), '--json'];
    execFile(
      process.execPath,
      ['--require', tsx, join(copy.root, 'tests/faults/src/main.ts'), ...options, '--concurrency', '4'],
      { cwd: copy.root, env: { ...process.env, ORDERLY_POSTGRES_URL: server.url } },
      (_error, stdout, stderr) => {
        if (stdout.startsWith('{')) done(JSON.parse(stdout).findings);
        else fail(new Error(stderr));
      },
    );
  });

it('reports a condition of a write that is not looked at', async () => {
  const defect = tableDefects.find(({ name }) => name === 'a condition that is not looked at');
  if (defect === undefined) throw new Error('There is no such mistake any more');
  make(defect);

  const harms = (await runSuite()).map(({ harm }) => harm);

  expect(harms).toContain('doubled');
});
