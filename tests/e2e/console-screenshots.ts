import { randomUUID } from 'node:crypto';
import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { OrderlyApis } from '@orderly/client';
import { TestBrowser } from '@orderly/support/browser';
import { clientOf } from '@orderly/support/driver';
import { eventually } from '@orderly/support/eventually';
import { type OwnPlatform, startOwnPlatform } from '@orderly/support/platform';
import type { Queues } from '@orderly/support/queues';
import { createRandom } from '@orderly/support/random';
import { Subscription } from '@orderly/support/subscriber';

/** Takes the pictures of README.md and docs/console.md: an example shop for a minute, in light and dark. */

const folder = resolve(__dirname, '../../docs/images/console');
const SIZE = { width: 1280, height: 800 };
const MOST_BYTES = 150_000;
const SECONDS = 45;
/** Publishers look for subscriptions every second. */
const FOLLOWED_MS = 2_500;
const SETTLED_MS = 2_500;
const random = createRandom(17);

const products = [
  { sku: 'POT', name: 'Teapot', price: 2_450, pieces: 400 },
  { sku: 'CUP', name: 'Cup', price: 890, pieces: 900 },
  { sku: 'TEA', name: 'Green tea, 100 g', price: 1_250, pieces: 900 },
  { sku: 'MILK', name: 'Milk jug', price: 1_600, pieces: 12 },
  { sku: 'TRAY', name: 'Tray', price: 3_900, pieces: 40 },
] as const;
const customers = ['alice', 'bob', 'carol', 'dave', 'erin'];

const stockShop = async ({ inventory }: OrderlyApis): Promise<void> => {
  for (const { sku, name, price, pieces } of products) {
    await inventory.putProduct({ sku, body: { name, price, currency: 'EUR' } });
    const body = { quantity: pieces, reason: 'first delivery' };
    await inventory.adjustStock({ sku, idempotencyKey: randomUUID(), body });
  }
};

const place = async (
  { orders }: OrderlyApis,
  skus: readonly string[],
  reference?: string,
): Promise<string> => {
  const id = random.pick(customers);
  const lines = skus.map((sku) => ({ sku, quantity: random.int(1, 3) }));
  const body = { customer: { id, email: `${id}@example.com` }, lines, ...(reference && { reference }) };
  const { orderId } = await eventually(() => orders.placeOrder({ idempotencyKey: randomUUID(), body }));
  return orderId;
};

/** Another team's subscription, whose consumer gives up on the first orders and takes the rest. */
const openLoyalty = async (api: OrderlyApis, queues: Queues): Promise<Subscription> => {
  const dead = await queues.create('dlq--order-events--loyalty.fifo');
  const url = await queues.create('order-events--loyalty.fifo', ['OrderConfirmed', 'OrderCancelled']);
  await queues.giveUpAfter(url, dead, 1, 1);
  await pause(FOLLOWED_MS);
  for (const sku of ['POT', 'CUP']) await place(api, [sku]);
  await eventually(async () => {
    await queues.sqs.send(new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10 }));
    if ((await queues.depth(dead)).waiting < 2) throw new Error('Loyalty has not given up yet');
  });
  return Subscription.open(queues, { subscriber: 'loyalty.fifo', topics: ['order-events'] });
};

/** Orders of a product whose item is broken become dead letters of inventory. */
const breakTray = async (api: OrderlyApis, { dynamodb, queues, stage }: OwnPlatform): Promise<void> => {
  await dynamodb.send(
    new UpdateItemCommand({
      TableName: `${stage}-inventory`,
      Key: { pk: { S: 'PRODUCT#TRAY' } },
      UpdateExpression: 'SET #version = :version',
      ExpressionAttributeNames: { '#version': 'version' },
      ExpressionAttributeValues: { ':version': { S: 'v1' } },
    }),
  );
  const dead = await queues.url('dlq--order-events--inventory.fifo');
  await queues.giveUpAfter(await queues.url('order-events--inventory.fifo'), dead, 2, 1);
  await place(api, ['TRAY'], 'PO-1042');
  await place(api, ['TRAY', 'CUP']);
  await eventually(async () => {
    if ((await queues.depth(dead)).waiting < 2) throw new Error('Inventory has not given up yet');
  });
};

/** Orders for some time; a few are cancelled, shipped, or too large. @returns one that was shipped */
const trade = async (api: OrderlyApis): Promise<string> => {
  let shipped = '';
  const deadline = Date.now() + SECONDS * 1_000;
  while (Date.now() < deadline) {
    const skus = random.chance(0.4) ? ['POT', 'TEA'] : [random.pick(['POT', 'CUP', 'TEA', 'MILK'])];
    const orderId = await place(api, skus, random.chance(0.3) ? `PO-${random.int(1_000, 9_999)}` : undefined);
    if (random.chance(0.1)) await api.orders.cancelOrder({ orderId });
    else if (random.chance(0.2)) {
      await eventually(() => api.orders.shipOrder({ orderId }));
      shipped = orderId;
    }
    await pause(random.int(50, 700));
  }
  return shipped;
};

const takePictures = async (
  url: string | undefined,
  views: Readonly<Record<string, string>>,
): Promise<void> => {
  const browser = await TestBrowser.start();
  for (const colorScheme of ['light', 'dark'] as const) {
    const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1, colorScheme });
    for (const [name, path] of Object.entries(views)) {
      await page.goto(new URL(path, url).href);
      await page.getByText('Loading …').waitFor({ state: 'detached' });
      // Charts and counts are drawn with the next figures.
      await pause(SETTLED_MS);
      const file = join(folder, `${name}-${colorScheme}.png`);
      await page.screenshot({ path: file });
      const { size } = await stat(file);
      console.log(`${file}: ${Math.ceil(size / 1000)} kB`);
      if (size > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
    }
  }
  const complaints = browser.complaints();
  await browser.close();
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
};

const main = async (): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const platform = await startOwnPlatform({ stage: process.env.ORDERLY_STAGE ?? 'dev' });
  try {
    const { queues, record } = platform;
    const api = clientOf(record);
    await stockShop(api);
    const loyalty = await openLoyalty(api, queues);
    await breakTray(api, platform);
    const order = await trade(api);
    await takePictures(record.console, {
      platform: '/',
      order: `/orders/${order}`,
      events: '/events',
      'dead-letters': `/queues/${queues.name('dlq--order-events--inventory.fifo')}`,
    });
    await loyalty.remove();
  } finally {
    await platform.stop();
  }
};

void main();
