import { randomUUID } from 'node:crypto';
import type { DeadLetter } from '@orderly/console/api';
import { StockReserved } from '@orderly/contracts';
import type { Page } from '@orderly/support/browser';
import { eventually } from '@orderly/support/eventually';
import { getNotifications, placeOrder, reaches, stockedProduct } from './api.ts';
import { ConsoleBrowser } from './console.ts';
import { localPlatform } from './platform.ts';
import { type Broker, connectBroker } from './subscriber.ts';

// What the console shows on the embedded AWS and on the libraries of every other cloud.

let browser: ConsoleBrowser;
let broker: Broker;
beforeAll(async () => {
  browser = await ConsoleBrowser.start();
  broker = await connectBroker();
});
afterEach(() => browser.closePages());
afterAll(async () => {
  await browser.close();
  await broker.close();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const stateOf = (page: Page, state: string) => page.locator('.head').getByText(state, { exact: true });

it('An order and stock for it are made on the page, which shows it confirmed, with its spans and events', async () => {
  const page = await browser.open('/orders');
  // As on a platform without products, whatever other tests have made.
  await page.route('**/api/products', (route) => route.fulfill({ json: [] }), { times: 1 });
  await button(page, 'Place an order').click();
  await button(page, 'Make some products').click();
  await page.getByLabel('Customer').fill('everywhere');
  await button(page, 'Order').click();
  await page.waitForURL(/\/orders\/[\da-f-]{36}$/);
  await stateOf(page, 'CONFIRMED').waitFor();
  const services = page.getByRole('list', { name: 'Services' }).getByRole('listitem');
  const those = ['inventory', 'notifications', 'orders', 'webhooks'];

  await eventually(async () => expect((await services.allInnerTexts()).sort()).toEqual(those));
  const orderId = new URL(page.url()).pathname.split('/').at(-1) ?? '';
  await eventually(async () => expect(await getNotifications(orderId)).toMatchObject([{ status: 'SENT' }]));
  await page.getByText('order-confirmed SENT').waitFor();

  await page.goto(`${browser.url}/events?subject=${orderId}`);
  const rows = page.getByRole('region', { name: 'Events, newest first' }).locator('tbody tr');
  const reserved = rows.filter({ has: page.getByRole('button', { name: 'StockReserved' }) });
  // Its only subscriber is orders, which has taken it, and so has the order been confirmed.
  await reserved.getByRole('link', { name: 'orders', exact: true }).waitFor();
  const types = await rows.getByRole('button').allInnerTexts();
  expect(types).toEqual(expect.arrayContaining(['OrderPlaced', 'StockReserved', 'OrderConfirmed']));
});

it('A message that cannot be read is counted in red, shown with its reason, and dropped after a confirmation', async () => {
  const poison = `{"poison":"${randomUUID()}"`;
  await broker.send('inventory-events', 'orders', { type: StockReserved.type, body: poison });
  const letters = async () =>
    (await browser.get<readonly DeadLetter[]>('/api/dead-letters')).map(({ body }) => body);
  await eventually(async () => expect(await letters()).toContain(poison));
  const page = await browser.open('/');
  const queue = `${localPlatform().stage}-dlq--inventory-events--orders`;
  await page.getByRole('main').getByRole('link', { name: queue }).first().click();
  const letter = page.getByRole('article').filter({ hasText: 'Invalid JSON' });
  await letter.getByRole('button', { name: 'Show message' }).click();
  await letter.getByText(poison).waitFor();
  await letter.getByRole('button', { name: 'Drop', exact: true }).click();
  await button(page, 'Drop it').click();
  await page.getByText(/^Dropped 1 message\. A copy is in .*\.jsonl$/).waitFor();

  expect(await letters()).not.toContain(poison);
});

it('A service is stopped and started on the page, and then handles what it missed', async () => {
  const sku = await stockedProduct(5);
  const page = await browser.open('/');
  const row = page.getByRole('row', { name: /^notifications/ });
  await row.getByRole('button', { name: 'Stop', exact: true }).click();
  await row.getByText('stopped').waitFor();
  const { orderId } = await placeOrder({ lines: [[sku, 1]] });
  await reaches(orderId, 'CONFIRMED');
  await row.getByRole('button', { name: 'Start', exact: true }).click();
  await row.getByText('running').waitFor();

  await eventually(async () => expect(await getNotifications(orderId)).toMatchObject([{ status: 'SENT' }]));
});
