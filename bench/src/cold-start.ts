import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startTestEmulators } from '@orderly/local/testing';
import { type BuildOptions, build } from 'esbuild';
import { ourOptions } from './bundle-options.ts';
import { type Run, runFile } from './run-function.ts';

// Measures the cold start of one and the same job, bundled in several ways: `npm run bench`. Fresh processes,
// interleaved, medians; only the ratios to the reference travel from machine to machine.

const root = resolve(__dirname, '../..');
const rounds = Number(process.env.ORDERLY_BENCH_ROUNDS ?? 21);

const variants: readonly {
  readonly name: string;
  readonly source: string;
  readonly options: BuildOptions;
}[] = [
  {
    name: 'reference: bare SDK, CJS, mainFields module,main, minified',
    source: 'reference.ts',
    options: { bundle: true, minify: true, format: 'cjs', mainFields: ['module', 'main'] },
  },
  { name: 'reference, not bundled', source: 'reference.ts', options: { format: 'cjs' } },
  { name: "reference, esbuild's defaults", source: 'reference.ts', options: { bundle: true, format: 'cjs' } },
  { name: 'reference, as our functions are bundled', source: 'reference.ts', options: ourOptions() },
  { name: '**our toolkit**, as our functions are bundled', source: 'toolkit.ts', options: ourOptions() },
];

const folder = (() => {
  const parent = join(root, '.orderly');
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, 'bench-'));
})();

async function bundle(index: number): Promise<string> {
  const variant = variants[index];
  if (variant === undefined) throw new RangeError(`There is no variant ${index}`);
  const outfile = join(folder, `${index}.cjs`);
  const entryPoints = [join(__dirname, variant.source)];
  await build({ platform: 'node', target: 'node20', ...variant.options, entryPoints, outfile });
  return outfile;
}

async function measure(files: readonly string[]): Promise<Run[][]> {
  const emulators = await startTestEmulators();
  const env = {
    AWS_ENDPOINT_URL_DYNAMODB: emulators.dynamodb,
    TABLE_NAME: 'bench',
    POWERTOOLS_SERVICE_NAME: 'bench',
  };
  try {
    await createTable(emulators.dynamodb);
    const runs: Run[][] = files.map(() => []);
    // The first rounds warm up the database and the disk.
    for (let round = -2; round < rounds; round++) {
      for (const [index, file] of files.entries()) {
        const run = await runFile(file, 'handler', event(`${round}-${index}`), env);
        if (round >= 0) runs[index]?.push(run);
      }
    }
    return runs;
  } finally {
    await emulators.stop();
  }
}

function event(requestId: string): object {
  return {
    body: '{"name":"Mug","price":1250}',
    headers: { 'content-type': 'application/json' },
    requestContext: { requestId, http: { method: 'POST' } },
  };
}

async function createTable(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName: 'bench',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function print(files: readonly string[], runs: readonly Run[][]): void {
  const figures = runs.map((all) => ({
    load: median(all.map(({ loadMs }) => loadMs)),
    both: median(all.map(({ loadMs, callMs }) => loadMs + callMs)),
  }));
  const [reference] = figures;
  console.log('| variant | zip kB | load ms | load / ref | load + first call / ref |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const [index, { load, both }] of figures.entries()) {
    const file = files[index] ?? '';
    const kB = Math.round(deflateRawSync(readFileSync(file), { level: 9 }).length / 1000);
    const zip = variants[index]?.options.bundle ? String(kB) : 'with node_modules';
    const ratios = [load / (reference?.load ?? 1), both / (reference?.both ?? 1)].map((ratio) =>
      ratio.toFixed(2),
    );
    console.log(`| ${[variants[index]?.name, zip, load.toFixed(1), ...ratios].join(' | ')} |`);
  }
}

async function main(): Promise<void> {
  try {
    const files = await Promise.all(variants.map((_, index) => bundle(index)));
    print(files, await measure(files));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

void main();
