import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startTestEmulators } from '@orderly/local/testing';
import { installedNode, type Node } from '@orderly/support/node-versions';
import { type Quartiles, quartiles, rounded } from '@orderly/support/statistics';
import { type Run, runFile } from '../run-function.ts';
import type { ColdStartFigures, NodeFigures, VariantFigures } from './figures.ts';
import { type Packaged, packageVariant } from './package-variant.ts';
import { profileVariants } from './profile.ts';
import { bareAsOurs, ours, variants } from './variants.ts';

const parent = resolve(__dirname, '../../../../.orderly');
/** They warm up the database and the disk. */
const warmUpRounds = 2;
const TableName = 'bench';

const event = (requestId: string) => ({
  body: '{"name":"Mug","price":1250}',
  headers: { 'content-type': 'application/json' },
  requestContext: { requestId, http: { method: 'POST' } },
});

const environmentOf = (endpoint: string) => ({
  AWS_ENDPOINT_URL_DYNAMODB: endpoint,
  TABLE_NAME: TableName,
  POWERTOOLS_SERVICE_NAME: 'bench',
});

async function createTable(endpoint: string): Promise<void> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new DynamoDBClient({ endpoint, region: 'eu-central-1', credentials });
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    }),
  );
  client.destroy();
}

function answered({ answers: [answer] }: Run, { variant }: Packaged): void {
  const { statusCode } = Object(answer) as { readonly statusCode?: number };
  if (statusCode !== 201) throw new Error(`${variant.name} answered ${JSON.stringify(answer)}`);
}

const tenths = ({ q1, median, q3 }: Quartiles): Quartiles => ({
  q1: rounded(q1, 1),
  median: rounded(median, 1),
  q3: rounded(q3, 1),
});

function figuresOf({ variant, zipKb }: Packaged, runs: readonly Run[]): VariantFigures {
  return {
    name: variant.name,
    zipKb,
    loadMs: tenths(quartiles(runs.map(({ loadMs }) => loadMs))),
    firstMs: tenths(quartiles(runs.map(({ loadMs, callsMs: [firstMs] }) => loadMs + firstMs))),
    memoryMiB: tenths(quartiles(runs.map(({ memoryMiB }) => memoryMiB))),
  };
}

/** All variants under one Node.js: fresh processes, round by round, each round in another order. */
async function measureNode(
  node: Node,
  rounds: number,
  folder: string,
  endpoint: string,
): Promise<NodeFigures> {
  const packages: Packaged[] = [];
  for (const [index, variant] of variants.entries()) {
    packages.push(await packageVariant(variant, join(folder, node.version, String(index)), node));
  }
  const runs = new Map<Packaged, Run[]>(packages.map((packaged) => [packaged, []]));
  const environment = environmentOf(endpoint);
  for (let round = -warmUpRounds; round < rounds; round++) {
    const first = Math.abs(round) % packages.length;
    for (const packaged of [...packages.slice(first), ...packages.slice(0, first)]) {
      const id = `${node.version} ${round} ${packages.indexOf(packaged)}`;
      const run = await runFile(packaged.entry, 'handler', [event(id)], environment, { node: node.binary });
      answered(run, packaged);
      if (round >= 0) runs.get(packaged)?.push(run);
    }
  }
  const figures = [...runs].map(([packaged, all]) => figuresOf(packaged, all));
  return { version: node.version, rounds, variants: figures };
}

/** Our toolkit and the same without it, profiled. */
async function measureProfile(
  { version, binary }: Node,
  processes: number,
  folder: string,
  endpoint: string,
): Promise<ColdStartFigures['profile']> {
  const profiled = variants.filter(({ name }) => name === ours || name === bareAsOurs);
  const environment = environmentOf(endpoint);
  const runs = { folder: join(folder, 'profile'), node: binary, event, environment, processes };
  return { version, variants: await profileVariants(profiled, runs) };
}

/** How often each variant is started. */
export interface Effort {
  /** Under each Node.js. */
  readonly rounds: number;
  /** For the profile, under the last Node.js. */
  readonly profiled: number;
}

export async function measure(nodes: readonly Node[], effort: Effort): Promise<ColdStartFigures> {
  const { rounds, profiled } = effort;
  const [last = installedNode] = nodes.slice(-1);
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'bench-'));
  const emulators = await startTestEmulators();
  try {
    await createTable(emulators.dynamodb);
    const figures: NodeFigures[] = [];
    for (const node of nodes) figures.push(await measureNode(node, rounds, folder, emulators.dynamodb));
    const profile = await measureProfile(last, profiled, folder, emulators.dynamodb);
    return { nodes: figures, profile };
  } finally {
    await emulators.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
