import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import type { OrderlyApis } from '@orderly/client';
import { type Page, TestBrowser } from '@orderly/support/browser';
import { clientOf } from '@orderly/support/client';
import { eventually } from '@orderly/support/eventually';
import { type OwnPlatform, startOwnPlatform } from '@orderly/support/platform';
import type { Queues } from '@orderly/support/queues';
import { createRandom } from '@orderly/support/random';
import { Subscription } from '@orderly/support/subscriber';
import { smallerPng } from './smaller-png.ts';

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
  await queues.giveUpAfter(url, dead, 5, 30);
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
  await queues.giveUpAfter(await queues.url('order-events--inventory.fifo'), dead, 2, 2);
  await place(api, ['TRAY'], 'PO-1042');
  await place(api, ['TRAY', 'CUP']);
  await eventually(async () => {
    if ((await queues.depth(dead)).waiting < 2) throw new Error('Inventory has not given up yet');
  });
};

/** Orders until it is ended; a few are cancelled, shipped, or too large. */
const trade = async (
  api: OrderlyApis,
  ended: AbortSignal,
  onShipped: (orderId: string) => void,
): Promise<void> => {
  while (!ended.aborted) {
    const skus = random.chance(0.4) ? ['POT', 'TEA'] : [random.pick(['POT', 'CUP', 'TEA', 'MILK'])];
    const orderId = await place(api, skus, random.chance(0.3) ? `PO-${random.int(1_000, 9_999)}` : undefined);
    const { status } = await eventually(async () => {
      const order = await api.orders.getOrder({ orderId });
      if (order.status === 'PLACED') throw new Error('It is not decided yet');
      return order;
    });
    if (status === 'CONFIRMED' && random.chance(0.1)) await api.orders.cancelOrder({ orderId });
    else if (status === 'CONFIRMED' && random.chance(0.25)) {
      await api.orders.shipOrder({ orderId });
      onShipped(orderId);
    }
    await pause(random.int(50, 500));
  }
};

type Pages = Readonly<Record<'light' | 'dark', Page>>;

/** Opened before anything happens: charts show what a page has seen. */
const openPages = async (browser: TestBrowser, url: string): Promise<Pages> => {
  const open = async (colorScheme: 'light' | 'dark'): Promise<Page> => {
    const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1, colorScheme });
    await page.goto(url);
    return page;
  };
  return { light: await open('light'), dark: await open('dark') };
};

const takePictures = async (pages: Pages, views: Readonly<Record<string, string>>): Promise<void> => {
  for (const [name, path] of Object.entries(views)) {
    for (const [scheme, page] of Object.entries(pages)) {
      if (path !== '/') await page.goto(new URL(path, page.url()).href);
      await page.getByText('Loading …').waitFor({ state: 'detached' });
      // Counts are drawn with the next figures.
      await pause(SETTLED_MS);
      const file = join(folder, `${name}-${scheme}.png`);
      const picture = smallerPng(await page.screenshot());
      await writeFile(file, picture);
      console.log(`${file}: ${Math.ceil(picture.length / 1000)} kB`);
      if (picture.length > MOST_BYTES) throw new Error(`${file} is larger than ${MOST_BYTES} bytes`);
    }
  }
};

const main = async (): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const platform = await startOwnPlatform({
    stage: process.env.ORDERLY_STAGE ?? 'dev',
    // What a consumer refuses comes back soon.
    env: { ORDERLY_VISIBILITY_TIMEOUT: '2' },
  });
  const browser = await TestBrowser.start();
  const ended = new AbortController();
  try {
    const { queues, record } = platform;
    const pages = await openPages(browser, record.console ?? '');
    const api = clientOf(record);
    await stockShop(api);
    const loyalty = await openLoyalty(api, queues);
    await breakTray(api, platform);
    const shipped: string[] = [];
    const trading = trade(api, ended.signal, (orderId) => shipped.push(orderId));
    await pause(SECONDS * 1_000);
    await takePictures(pages, {
      platform: '/',
      order: `/orders/${shipped[0]}`,
      events: '/events',
      'dead-letters': `/queues/${queues.name('dlq--order-events--inventory.fifo')}`,
    });
    ended.abort();
    await trading;
    await loyalty.remove();
    const complaints = browser.complaints();
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
  } finally {
    ended.abort();
    await browser.close();
    await platform.stop();
  }
};

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
