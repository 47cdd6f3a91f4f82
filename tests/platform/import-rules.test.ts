import { execFile } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';

// The linter enforces which part may import which. Here it gets files that break each rule, and files that break none.

const root = resolve(__dirname, '../..');
const biome = createRequire(__filename).resolve('@biomejs/biome/bin/biome');
const restricted = 'lint/style/noRestrictedImports';
const cycle = 'lint/suspicious/noImportCycles';

/** Which file imports what, by name; a folder stands for a file in it. */
const refused: readonly (readonly [what: string, from: string, imported: string])[] = [
  ['a domain that imports an adapter', 'services/a/src/domain', '../adapters/table.ts'],
  ['a domain that imports the API', 'services/a/src/domain', '../api/shape.ts'],
  ['a domain that imports a function', 'services/a/src/domain', '../functions/get.ts'],
  ['a domain that imports the toolkit', 'services/a/src/domain', '@orderly/functions/http/handler'],
  ['a domain that imports an AWS SDK', 'services/a/src/domain', '@aws-sdk/client-sqs'],
  ['an adapter that imports a function', 'services/a/src/adapters', '../functions/get.ts'],
  ['an adapter that imports the API', 'services/a/src/adapters', '../api/shape.ts'],
  ['an API that imports an adapter', 'services/a/src/api', '../adapters/table.ts'],
  ['an API that imports a function', 'services/a/src/api', '../functions/get.ts'],
  ['a function that imports a function', 'services/a/src/functions', './get.ts'],
  ['a service that imports another by name', 'services/a/src/adapters', '@orderly/orders'],
  ['a service that imports another by path', 'services/a/src/functions', '../../../b/src/domain/x.ts'],
  ['a service that imports its tests', 'services/a/src/adapters', '../../test/x.ts'],
  ['a service that imports a tool by name', 'services/a/src/functions', '@orderly/local/services'],
  ['a service that imports a tool by path', 'services/a/src/api', '../../../../tools/local/src/ports.ts'],
  ['a service that imports a test', 'services/a/src', '../../../tests/support/src/x.ts'],
  ['a toolkit that imports a service', 'shared/functions/src/http', '../../../../services/a/src/domain/x.ts'],
  ['a toolkit that imports a service by name', 'shared/functions/src', '@orderly/orders'],
  ['a toolkit that imports a tool', 'shared/functions/src/table', '@orderly/local/services'],
  ['a toolkit that imports a test', 'shared/functions/src', '../../../tests/support/src/x.ts'],
  ['a domain that imports a client of PostgreSQL', 'services/a/src/domain', 'pg'],
  ['a function that imports an AWS SDK', 'services/a/src/functions', '@aws-sdk/client-sqs'],
  ['a function that imports the types of Lambda', 'services/a/src/functions', 'aws-lambda'],
  ['a function that imports a package of Azure', 'services/a/src/functions', '@azure/functions'],
  [
    "a function that imports the toolkit's edge for AWS",
    'services/a/src/functions',
    '@orderly/functions/aws/client',
  ],
  ['an API that imports a package of Google Cloud', 'services/a/src/api', '@google-cloud/pubsub'],
  [
    "an API that imports the toolkit's adapter for PostgreSQL",
    'services/a/src/api',
    '@orderly/functions/postgres/client',
  ],
  ['a service that imports a client of PostgreSQL', 'services/a/src', 'pg'],
  ['a toolkit whose core imports an AWS SDK', 'shared/functions/src/http', '@aws-sdk/client-sqs'],
  ['a toolkit whose core imports the types of Lambda', 'shared/functions/src', 'aws-lambda'],
  ['a toolkit whose core imports a package of Azure', 'shared/functions/src/messaging', '@azure/service-bus'],
  ['a toolkit whose core imports a package of Google Cloud', 'shared/functions/src', '@google-cloud/pubsub'],
  ['a toolkit whose core imports a client of PostgreSQL', 'shared/functions/src/table', 'pg'],
  ['a toolkit whose core verifies tokens', 'shared/functions/src/http', 'jose'],
  ['a toolkit whose core imports the edge for AWS', 'shared/functions/src/http', '../aws/errors.ts'],
  ['a toolkit whose core imports what other clouds share', 'shared/functions/src', './portable/call.ts'],
  ['an edge for AWS that imports that for Azure', 'shared/functions/src/aws', '../azure/errors.ts'],
  [
    'an edge for AWS that imports what other clouds share',
    'shared/functions/src/aws/deep',
    '../../portable/call.ts',
  ],
  ['an edge for AWS that imports a client of PostgreSQL', 'shared/functions/src/aws', 'pg'],
  [
    'an edge for AWS that imports a service',
    'shared/functions/src/aws',
    '../../../../services/a/src/domain/x.ts',
  ],
  ['an edge for Azure that imports an AWS SDK', 'shared/functions/src/azure', '@aws-sdk/client-sqs'],
  ['an edge for Azure that imports that for Google', 'shared/functions/src/azure', '../google/errors.ts'],
  ['an edge for Azure that imports a tool', 'shared/functions/src/azure', '@orderly/local/services'],
  ['an edge for Google that imports a package of Azure', 'shared/functions/src/google', '@azure/identity'],
  ['an edge for Google that imports that for AWS', 'shared/functions/src/google', '../aws/errors.ts'],
  [
    'an adapter for PostgreSQL that imports an AWS SDK',
    'shared/functions/src/postgres',
    '@aws-sdk/lib-dynamodb',
  ],
  [
    'an adapter for PostgreSQL that imports the edge for AWS',
    'shared/functions/src/postgres',
    '../aws/errors.ts',
  ],
  ['what clouds share that imports one of them', 'shared/functions/src/portable', '../azure/identity.ts'],
  [
    'what clouds share that imports the package of one',
    'shared/functions/src/portable',
    '@google-cloud/pubsub',
  ],
  ['a client that imports the toolkit', 'shared/client/src', '@orderly/functions/http/page'],
  ['contracts that import an AWS SDK', 'shared/contracts/src', '@aws-sdk/client-sqs'],
  ['contracts that import the types of Lambda', 'shared/contracts/src', 'aws-lambda'],
  ['contracts that import the toolkit', 'shared/contracts/src', '@orderly/functions/http/page'],
  ['contracts that import a service', 'shared/contracts/src', '../../../services/a/src/domain/x.ts'],
  ['a tool that imports what another keeps to itself', 'tools/a/src', '../../b/src/x.ts'],
  ['a tool that imports the tests of another', 'tools/a/test', '../../b/test/x.ts'],
  ['a tool that imports a test', 'tools/a/src/deep', '../../../../tests/e2e/src/x.ts'],
  ['a test that imports another', 'tests/a/src/deep', '../../../b/src/x.ts'],
  ['a test that imports what a tool keeps to itself', 'tests/a/src', '../../../tools/b/src/x.ts'],
  [
    "a service's test that imports what a tool keeps to itself",
    'services/a/test',
    '../../../tools/b/src/x.ts',
  ],
  ['an example that imports the toolkit', 'examples/a/src', '@orderly/functions/http/handler'],
  ['an example that imports by path', 'examples/a', '../../shared/contracts/src/index.ts'],
];

const accepted: readonly (readonly [what: string, from: string, imported: string])[] = [
  ['a domain that imports the contracts', 'services/a/src/domain', '@orderly/contracts'],
  ['a domain that imports the domain', 'services/a/src/domain', './price.ts'],
  ['an adapter that imports the domain', 'services/a/src/adapters', '../domain/price.ts'],
  ['an adapter that imports an AWS SDK', 'services/a/src/adapters', '@aws-sdk/client-sqs'],
  ['an API that imports the toolkit', 'services/a/src/api', '@orderly/functions/http/page'],
  ['a function that imports an adapter', 'services/a/src/functions', '../adapters/table.ts'],
  ['a function that imports the API', 'services/a/src/functions', '../api/shape.ts'],
  ['a function that imports the toolkit', 'services/a/src/functions', '@orderly/functions/http/handler'],
  [
    "an adapter that imports the toolkit's edge for AWS",
    'services/a/src/adapters',
    '@orderly/functions/aws/client',
  ],
  ['a toolkit that imports the contracts', 'shared/functions/src/http', '@orderly/contracts'],
  ['a toolkit that imports what differs', 'shared/functions/src/http', '#cloud/errors'],
  ['an edge for AWS that imports an AWS SDK', 'shared/functions/src/aws', '@aws-sdk/client-sqs'],
  ['an edge for AWS that imports the core', 'shared/functions/src/aws', '../http/edge.ts'],
  ['an edge for Azure that imports what clouds share', 'shared/functions/src/azure', '../portable/call.ts'],
  [
    'an edge for Google that imports the adapter for PostgreSQL',
    'shared/functions/src/google',
    '../postgres/table.ts',
  ],
  ['an adapter for PostgreSQL that imports its client', 'shared/functions/src/postgres', 'pg'],
  ['what clouds share that verifies tokens', 'shared/functions/src/portable', 'jose'],
  ['a tool that imports what another exports', 'tools/a/src', '@orderly/local/services'],
  ['a tool that imports the support of tests', 'tools/a/src', '../../../tests/support/src/x.ts'],
  ['a test that imports its own files', 'tests/a/test/deep', '../../src/deep/x.ts'],
  ['an example that imports the contracts', 'examples/a/src', '@orderly/contracts'],
];

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'orderly-imports-')));
afterAll(() => rmSync(folder, { recursive: true }));

const write = (path: string, source: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), source);
};
const importing = (name: string) => `import { x } from '${name}';\nexport const y = x;\n`;
const all = [...refused, ...accepted];
const pathOf = (from: string, imported: string) =>
  `${from}/case-${all.findIndex((one) => one[1] === from && one[2] === imported)}.ts`;

/** The rules that each file breaks, by path. */
const broken = new Map<string, string[]>();

beforeAll(async () => {
  for (const file of ['biome.json', '.gitignore']) copyFileSync(join(root, file), join(folder, file));
  for (const [, from, imported] of all) write(pathOf(from, imported), importing(imported));
  write('services/a/src/domain/circle-1.ts', importing('./circle-2.ts'));
  write('services/a/src/domain/circle-2.ts', importing('./circle-3.ts'));
  write('services/a/src/domain/circle-3.ts', "export type { y as x } from './circle-1.ts';\n");
  write('services/a/src/domain/price.ts', 'export const x = 1;\n');
  const only = [restricted, cycle].map((rule) => `--only=${rule.replace('lint/', '')}`);
  const argv = ['lint', ...only, '--reporter=github', '--max-diagnostics=none'];
  // It exits with 1, as it shall.
  const out = await new Promise<string>((done) =>
    execFile(process.execPath, [biome, ...argv], { cwd: folder }, (_error, stdout) => done(stdout)),
  );
  for (const [, rule = '', file = ''] of out.matchAll(/::error title=([^,]+),file=([^,]+),/g)) {
    // Absolute or from the folder.
    const path =
      file
        .replaceAll('\\', '/')
        .split(`${basename(folder)}/`)
        .at(-1) ?? '';
    broken.set(path, [...(broken.get(path) ?? []), rule]);
  }
});

it.each(refused)('the linter refuses %s', (_what, from, imported) => {
  expect(broken.get(pathOf(from, imported))).toEqual([restricted]);
});

it.each(accepted)('the linter accepts %s', (_what, from, imported) => {
  expect(broken.get(pathOf(from, imported))).toBeUndefined();
});

it('the linter refuses a circle of imports, of types too', () => {
  const circle = ['circle-1', 'circle-2', 'circle-3'].map((name) => `services/a/src/domain/${name}.ts`);

  expect(circle.map((file) => broken.get(file))).toEqual(circle.map(() => [cycle]));
});
