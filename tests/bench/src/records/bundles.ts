import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OrderPlaced } from '@orderly/contracts';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { Ajv2020 } from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import addFormats from 'ajv-formats';
import { type BuildOptions, build } from 'esbuild';

/** As people bundle for Lambda. */
const theirs: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  mainFields: ['module', 'main'],
};

const ours: ReadonlySet<string> = new Set(['consume', 'stages', 'publish', 'send', 'json-parse']);

/** Bundles a file of `handlers/` the way its authors would. @returns the path of the bundle */
export async function bundle(source: string, folder: string): Promise<string> {
  const outfile = join(folder, `${source}.cjs`);
  const options = ours.has(source) ? ourOptions() : theirs;
  const entry = source === 'middy' ? middyWithValidator(folder) : join(__dirname, 'handlers', `${source}.ts`);
  await build({ ...options, entryPoints: [entry], outfile, logLevel: 'warning' });
  return outfile;
}

/** The program that a container runs. @returns the path of its bundle */
export async function bundleContainer(folder: string): Promise<string> {
  const outfile = join(folder, 'container.cjs');
  await build({ ...theirs, entryPoints: [join(__dirname, 'container.ts')], outfile });
  return outfile;
}

/** Compiles the contract's JSON Schema at build time, as the documentation of middy's validator advises. */
function middyWithValidator(folder: string): string {
  const schema = require(`../../../../shared/contracts/schemas/${OrderPlaced.type}.json`);
  const ajv = new Ajv2020({ strict: true, code: { source: true } });
  addFormats(ajv);
  ajv.addKeyword('x-personal');
  const validator = join(folder, 'placed-validator.cjs');
  writeFileSync(validator, standaloneCode(ajv, ajv.compile(schema)));
  const entry = join(folder, 'middy-entry.ts');
  const middy = join(__dirname, 'handlers/middy.ts');
  writeFileSync(
    entry,
    `import { handlerWith } from ${JSON.stringify(middy)};
import validate from ${JSON.stringify(validator)};
export const handler = handlerWith(validate);
`,
  );
  return entry;
}
