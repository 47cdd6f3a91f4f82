import { execFile } from 'node:child_process';
import { appendFileSync, cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { runFramework } from '@orderly/local/framework';
import { CheckoutCopy } from '@orderly/support/checkout-copy';

// A service is added by copying the folder of another one: besides that folder only serverless-compose.yml and the lockfile
// change. This does it in a copy of the repository.

const name = 'returns';
const own = `services/${name}`;

/** Of a service with neither topic, table nor API: it refuses every request. */
const serverlessYml = `service: ${name}
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
`;

let copy: CheckoutCopy;

beforeAll(() => {
  copy = new CheckoutCopy('orderly-fourth-service');
  const folder = join(copy.root, own);
  cpSync(join(copy.root, 'services/notifications'), folder, { recursive: true });
  for (const part of ['alarms.yml', 'test', 'src/adapters', 'src/api', 'src/domain']) {
    rmSync(join(folder, part), { recursive: true });
  }
  for (const file of readdirSync(join(folder, 'src/functions')).filter((file) => file !== 'fallback.ts')) {
    rmSync(join(folder, 'src/functions', file));
  }
  const fallback = readFileSync(join(folder, 'src/functions/fallback.ts'), 'utf8');
  writeFileSync(
    join(folder, 'src/functions/fallback.ts'),
    fallback.replace(/fallback\(\{.*\}\)/, 'fallback({})'),
  );
  writeFileSync(join(folder, 'serverless.yml'), serverlessYml);
  writeFileSync(join(folder, 'README.md'), `# ${name}\n`);
  const manifest = readFileSync(join(folder, 'package.json'), 'utf8');
  writeFileSync(join(folder, 'package.json'), manifest.replace('@orderly/notifications', `@orderly/${name}`));
  appendFileSync(join(copy.root, 'serverless-compose.yml'), `  ${name}:\n    path: ${own}\n`);
  copy.linkWorkspace(name, `../../${own}`);
});

afterAll(() => copy.remove());

/** Runs an installed program in the copy. @throws Error with what it printed when it fails */
async function run(program: string, ...argv: readonly string[]): Promise<string> {
  const path = join(copy.root, 'node_modules/.bin', program);
  const { stdout } = await promisify(execFile)(path, argv, { cwd: copy.root });
  return stdout;
}

it('a fourth service passes the linter', async () => {
  // For circles of imports the linter reads all of the repository, and the one file of this service can have none.
  await run('biome', 'lint', '--error-on-warnings', '--skip=suspicious/noImportCycles', own);
  await run('biome', 'format', own);
});

it('a fourth service type-checks', async () => {
  const tsconfig = { extends: './tsconfig.json', compilerOptions: { types: ['node'] }, include: [own] };
  writeFileSync(join(copy.root, 'tsconfig.fourth.json'), JSON.stringify(tsconfig));

  await run('tsc', '--project', 'tsconfig.fourth.json');
});

it('a fourth service is packaged', async () => {
  const [result] = await runFramework([{ cwd: join(copy.root, own), argv: ['package', '--stage', 'dev'] }]);

  expect(result).toMatchObject({ code: 0 });
  expect(readdirSync(join(copy.root, own, '.serverless'))).toContain('fallback.zip');
});

const examination = `
  const { readFileSync } = require('node:fs');
  const names = (services) => services.map(({ name }) => name);
  const { artefacts } = require('./tools/codegen/documents/artefacts.ts');
  console.log(JSON.stringify({
    local: require('./tools/local/src/services.ts').services,
    codegen: names(require('./tools/codegen/documents/platform.ts').readServices()),
    release: names(require('./tools/release/src/services.ts').readServices(process.cwd())),
    changed: artefacts().filter(({ path, content }) => readFileSync(path, 'utf8') !== content),
  }));
`;

it('a fourth service is in the lists that tools derive, and changes no generated document', async () => {
  const printed = await run('tsx', '--eval', examination);

  const { changed, ...lists } = JSON.parse(printed);
  expect(lists).toEqual({
    local: expect.arrayContaining([name]),
    codegen: expect.arrayContaining([name]),
    release: expect.arrayContaining([name]),
  });
  expect(changed).toEqual([]);
});
