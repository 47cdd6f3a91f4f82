import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startTestEmulators } from '@orderly/local/testing';
import { type BuildOptions, build } from 'esbuild';
import { ourOptions } from '../bundle-options.ts';
import type { Part } from '../part.ts';
import { type Run, runFile } from '../run-function.ts';
import { median, rounded } from '../statistics.ts';

// Measures the cold start of one and the same job, bundled in several ways: fresh processes, interleaved,
// medians; only the ratios to the reference travel from machine to machine.

const root = resolve(__dirname, '../../..');

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

async function runs(files: readonly string[], rounds: number): Promise<Run[][]> {
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

interface Variant {
  readonly name: string;
  readonly zipKb: number | 'with node_modules';
  readonly loadMs: number;
  /** Load and the first call together. */
  readonly firstMs: number;
}

export interface ColdStartFigures {
  /** The first is what the others are compared with. */
  readonly variants: readonly Variant[];
}

function figureOf(index: number, file: string, all: readonly Run[]): Variant {
  const { name = '', options } = variants[index] ?? {};
  return {
    name,
    zipKb: options?.bundle
      ? Math.round(deflateRawSync(readFileSync(file), { level: 9 }).length / 1000)
      : 'with node_modules',
    loadMs: rounded(median(all.map(({ loadMs }) => loadMs)), 1),
    firstMs: rounded(median(all.map(({ loadMs, callMs }) => loadMs + callMs)), 1),
  };
}

async function measure(rounds: number): Promise<ColdStartFigures> {
  try {
    const files = await Promise.all(variants.map((_, index) => bundle(index)));
    const all = await runs(files, rounds);
    return { variants: files.map((file, index) => figureOf(index, file, all[index] ?? [])) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const coldStart: Part<ColdStartFigures> = {
  measure: ({ quick }) => measure(quick ? 7 : 21),
  tables: ({ variants: all }) => [
    {
      title: 'Cold start',
      columns: ['variant', 'zip kB', 'load ms', 'load / ref', 'load + first call / ref'],
      rows: all.map(({ name, zipKb, loadMs, firstMs }) => {
        const ratios = [loadMs / (all[0]?.loadMs ?? 1), firstMs / (all[0]?.firstMs ?? 1)];
        return [name, String(zipKb), loadMs.toFixed(1), ...ratios.map((ratio) => ratio.toFixed(2))];
      }),
    },
  ],
  targets: () => [],
};
