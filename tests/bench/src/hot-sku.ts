import { randomUUID } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { DynamoDBClient, GetItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { OrderPlaced, type Sku } from '@orderly/contracts';
import { type AwsProxy, startAwsProxy } from '@orderly/local/aws-proxy';
import { createServiceResources } from '@orderly/local/service-config';
import { startTestEmulators } from '@orderly/local/testing';
import { readVersion } from '@orderly/local/version';
import { ourOptions } from '@orderly/serverless/bundle-options.ts';
import { line, newSku, orderData, orderId } from '@orderly/support/builders';
import { functionEnvironment } from '@orderly/support/function-environment';
import { wholeNumber } from '@orderly/support/options';
import { inParallel } from '@orderly/support/parallel';
import { TransactionConflicts, type WriteRequest } from '@orderly/support/transaction-conflicts';
import { Command } from 'commander';
import { build } from 'esbuild';
import { type Consumer, deliver, seal } from '../../platform/invoke.ts';

// How much slower a SKU that everybody wants is than orders spread over 1,000: `npm run bench:hot-sku`. The packaged
// consumer of inventory, several containers of it, against DynamoDB Local behind a proxy that takes the time of a
// transaction and refuses those that meet on an item, which DynamoDB Local itself never does.

const root = resolve(__dirname, '../../..');
const batchSize = 10;
const requestsAtOnce = 25;
const table = 'bench-inventory';

const settings = new Command('npm run bench:hot-sku --')
  .version(readVersion())
  .description('Measures how much slower orders for one SKU are than orders spread over 1,000.')
  .option('--orders <n>', 'orders of each run', wholeNumber(1, 1e6), 2_000)
  .option('--containers <n>', 'containers of the consumer', wholeNumber(1, 1_000), 10)
  .option('--ms <n>', 'how long DynamoDB is at work on a write, at least', wholeNumber(0, 10_000), 10)
  .parse()
  .opts<{ readonly orders: number; readonly containers: number; readonly ms: number }>();

/** What went through the proxy since it was last set to zero. */
const traffic = { transactions: 0, conflicts: 0 };

function startProxy(target: string): Promise<AwsProxy> {
  const conflicts = new TransactionConflicts({
    onConflict: () => {
      traffic.conflicts += 1;
    },
    writeMs: settings.ms,
  });
  return startAwsProxy(target, ({ operation, body }, forward) => {
    if (operation === 'TransactWriteItems') traffic.transactions += 1;
    return conflicts.carryOut(operation, JSON.parse(body) as WriteRequest, forward);
  });
}

/** The consumer as Lambda loads it: every container has its own. */
async function loadContainers(folder: string): Promise<readonly Consumer[]> {
  const outfile = join(folder, 'consume-order-events.cjs');
  const entryPoints = [join(root, 'services/inventory/src/functions/consume-order-events.ts')];
  await build({ ...ourOptions(), entryPoints, outfile });
  const load = createRequire(__filename);
  return Array.from({ length: settings.containers }, () => {
    delete load.cache[outfile];
    return (load(outfile) as { handler: Consumer }).handler;
  });
}

/** Puts products on the shelf, with more pieces than are wanted. */
async function stock(client: DynamoDBClient, skus: readonly Sku[]): Promise<void> {
  const pieces = { N: String(settings.orders) };
  const stocked = { onHand: pieces, available: pieces, reserved: { N: '0' }, version: { N: '1' } };
  await inParallel(skus, requestsAtOnce, (sku) => {
    const Item = { pk: { S: `PRODUCT#${sku}` }, sku: { S: sku }, ...stocked };
    return client.send(new PutItemCommand({ TableName: table, Item }));
  });
}

async function reservedOf(client: DynamoDBClient, skus: readonly Sku[]): Promise<number> {
  const answers = await inParallel(skus, requestsAtOnce, (sku) => {
    const Key = { pk: { S: `PRODUCT#${sku}` } };
    return client.send(new GetItemCommand({ TableName: table, Key, ConsistentRead: true }));
  });
  return answers.reduce((sum, { Item }) => sum + Number(Item?.reserved?.N), 0);
}

const orderFor = (sku: Sku) => {
  const id = orderId(randomUUID());
  return seal(OrderPlaced.of(orderData(id, [line(sku, 1)])), { subject: id });
};

/** Every container takes batch after batch until no order is left; what it gives back is taken again. */
async function measure(containers: readonly Consumer[], client: DynamoDBClient, count: number) {
  const skus = Array.from({ length: count }, newSku);
  await stock(client, skus);
  const waiting = Array.from({ length: settings.orders }, (_, index) => orderFor(skus[index % count] as Sku));
  let givenBack = 0;
  Object.assign(traffic, { transactions: 0, conflicts: 0 });
  const from = performance.now();
  await Promise.all(
    containers.map(async (handler) => {
      while (waiting.length > 0) {
        const batch = waiting.splice(0, batchSize);
        const failed = await deliver(handler, ...batch);
        givenBack += failed.length;
        waiting.push(...batch.filter((_, index) => failed.includes(index)));
      }
    }),
  );
  const seconds = (performance.now() - from) / 1000;
  const reserved = await reservedOf(client, skus);
  if (reserved !== settings.orders) {
    throw new Error(`${settings.orders} orders of one piece each, but ${reserved} pieces are reserved`);
  }
  return { skus: count, seconds, givenBack, ...traffic };
}

function print(all: readonly Awaited<ReturnType<typeof measure>>[]): void {
  const { orders, containers, ms } = settings;
  console.log(`${orders} orders, ${containers} containers, batches of ${batchSize}, ${ms} ms a write\n`);
  console.log('| SKUs | orders/s | transactions per order | conflicts per order | given back |');
  console.log('| --- | --- | --- | --- | --- |');
  for (const { skus, seconds, transactions, conflicts, givenBack } of all) {
    const each = [transactions, conflicts].map((figure) => (figure / orders).toFixed(2));
    console.log(`| ${[skus, Math.round(orders / seconds), ...each, givenBack].join(' | ')} |`);
  }
  const [many, one] = all;
  if (many === undefined || one === undefined) return;
  console.log(`\nOne SKU takes ${(one.seconds / many.seconds).toFixed(1)} times as long for each order.`);
}

async function main(): Promise<void> {
  const parent = join(root, '.orderly');
  mkdirSync(parent, { recursive: true });
  const folder = mkdtempSync(join(parent, 'hot-sku-'));
  const emulators = await startTestEmulators();
  const proxy = await startProxy(emulators.dynamodb);
  Object.assign(process.env, functionEnvironment('inventory', 'bench'), {
    AWS_ENDPOINT_URL_DYNAMODB: proxy.url,
  });
  const client = new DynamoDBClient({ endpoint: emulators.dynamodb });
  try {
    await createServiceResources({
      dir: join(root, 'services/inventory'),
      stage: 'bench',
      endpoints: emulators,
    });
    const containers = await loadContainers(folder);
    // The first run warms up the database and the code.
    await measure(containers, client, 1_000);
    print([await measure(containers, client, 1_000), await measure(containers, client, 1)]);
  } finally {
    client.destroy();
    proxy.close();
    await emulators.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

void main().then(() => process.exit());
