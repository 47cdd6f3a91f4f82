import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { startTestEmulators } from '@orderly/local/testing';
import type { Node } from '@orderly/support/node-versions';
import { type Quartiles, quartiles, rounded } from '@orderly/support/statistics';
import { type Run, runFile } from '../run-function.ts';
import type { NodeFigures, VariantFigures } from './figures.ts';
import { type Packaged, packageVariant } from './package-variant.ts';
import { variants } from './variants.ts';

const parent = resolve(__dirname, '../../../../.orderly');
/** They warm up the database and the disk. */
const warmUpRounds = 2;
const TableName = 'bench';

const event = (requestId: string) => ({
  body: '{"name":"Mug","price":1250}',
  headers: { 'content-type': 'application/json' },
  requestContext: { requestId, http: { method: 'POST' } },
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

function answered({ answer }: Run, { variant }: Packaged): void {
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
    firstMs: tenths(quartiles(runs.map(({ loadMs, callMs }) => loadMs + callMs))),
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
  const environment = {
    AWS_ENDPOINT_URL_DYNAMODB: endpoint,
    TABLE_NAME: TableName,
    POWERTOOLS_SERVICE_NAME: 'bench',
  };
  for (let round = -warmUpRounds; round < rounds; round++) {
    const first = Math.abs(round) % packages.length;
    for (const packaged of [...packages.slice(first), ...packages.slice(0, first)]) {
      const id = `${node.version} ${round} ${packages.indexOf(packaged)}`;
      const run = await runFile(packaged.entry, 'handler', event(id), environment, node.binary);
      answered(run, packaged);
      if (round >= 0) runs.get(packaged)?.push(run);
    }
  }
  const figures = [...runs].map(([packaged, all]) => figuresOf(packaged, all));
  return { version: node.version, rounds, variants: figures };
}

/** @param rounds how often each variant is started under each Node.js */
export async function measure(nodes: readonly Node[], rounds: number): Promise<readonly NodeFigures[]> {
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'bench-'));
  const emulators = await startTestEmulators();
  try {
    await createTable(emulators.dynamodb);
    const figures: NodeFigures[] = [];
    for (const node of nodes) figures.push(await measureNode(node, rounds, folder, emulators.dynamodb));
    return figures;
  } finally {
    await emulators.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}
