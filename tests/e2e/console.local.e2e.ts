import { randomUUID } from 'node:crypto';
import { DynamoDBClient, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { DeadLetter, EventEntry } from '@orderly/console/api';
import { OrderCancelled } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { type Page, PageInspector } from '@orderly/support/browser';
import { eventually } from '@orderly/support/eventually';
import { placeOrder, reaches, stockedProduct } from './api.ts';
import { authorization } from './authorization.ts';
import { ConsoleBrowser } from './console.ts';
import { clientOptions, platform, urlOf } from './platform.ts';
import { queues } from './queues.ts';

let browser: ConsoleBrowser;
beforeAll(async () => {
  browser = await ConsoleBrowser.start();
});
afterEach(() => browser.closePages());
afterAll(() => browser.close());

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const stateOf = (page: Page, state: string) => page.locator('.head').getByText(state, { exact: true });

it('An order that is placed on the page is confirmed there, with a waterfall over all services', async () => {
  const page = await browser.open('/orders');
  // As on a platform without products, whatever other tests have made.
  await page.route('**/api/products', (route) => route.fulfill({ json: [] }), { times: 1 });
  await button(page, 'Place an order').click();
  await button(page, 'Make some products').click();
  await page.getByLabel('Customer').fill('browser');
  await button(page, 'Order').click();
  await page.waitForURL(/\/orders\/[\da-f-]{36}$/);

  await stateOf(page, 'CONFIRMED').waitFor();
  const services = page.getByRole('list', { name: 'Services' }).getByRole('listitem');
  await eventually(async () =>
    expect((await services.allInnerTexts()).sort()).toEqual([
      'inventory',
      'notifications',
      'orders',
      'webhooks',
    ]),
  );
  await button(page, 'Ship order').click();
  await stateOf(page, 'SHIPPED').waitFor();
});

describe('With a message that no retry helps and a product that cannot be reserved', () => {
  const deadLetterQueue = queues.name('dlq--order-events--inventory.fifo');
  const poison = `{"poison":"${randomUUID()}"`;
  let orderId: string;
  let mend: () => Promise<void>;
  const dynamodb = new DynamoDBClient(clientOptions('dynamodb'));
  afterAll(() => dynamodb.destroy());

  beforeAll(async () => {
    const sku = await stockedProduct(5);
    const setVersion = (version: { readonly S: string } | { readonly N: string }) =>
      dynamodb.send(
        new UpdateItemCommand({
          TableName: `${platform().stage}-inventory`,
          Key: { pk: { S: `PRODUCT#${sku}` } },
          UpdateExpression: 'SET #version = :version',
          ExpressionAttributeNames: { '#version': 'version' },
          ExpressionAttributeValues: { ':version': version },
        }),
      );
    const url = await queues.url('order-events--inventory.fifo');
    // Two tries instead of five: each takes a visibility timeout.
    const restore = await queues.giveUpAfter(
      url,
      await queues.url('dlq--order-events--inventory.fifo'),
      2,
      3,
    );
    await setVersion({ S: 'not a number' });
    mend = async () => {
      await setVersion({ N: '2' });
      await restore();
    };
    await queues.send(url, poison, randomUUID());
    ({ orderId } = await placeOrder({ lines: [[sku, 1]] }));
  });

  it('the page counts the dead letters in red and leads to them, with reason and stack, and redrives one', async () => {
    const page = await browser.open('/');
    await page.getByRole('navigation').getByText('2').waitFor();
    await page.getByRole('main').getByRole('link', { name: deadLetterQueue }).first().click();
    const letter = page.getByRole('article', { name: `Dead letter: OrderPlaced ${orderId}` });
    await letter.waitFor();

    expect(await letter.getByRole('region').innerText()).toMatch(/ValidationError[\s\S]*\n +at /);
    await mend();
    await button(page, 'Redrive').and(letter.getByRole('button')).click();
    await page.getByText('Redrove 1 message.').waitFor();
    await letter.waitFor({ state: 'detached' });
    await page.goto(`${browser.url}/orders/${orderId}`);
    await stateOf(page, 'CONFIRMED').waitFor();
  });

  it('a dead letter is dropped only after a confirmation', async () => {
    const page = await browser.open(`/queues/${deadLetterQueue}`);
    const letter = page.getByRole('article').filter({ hasText: 'Invalid JSON' });
    await letter.getByRole('button', { name: 'Show message' }).click();
    await letter.getByText(poison).waitFor();
    const drop = letter.getByRole('button', { name: 'Drop', exact: true });
    await drop.click();
    await button(page, 'Keep').click();

    const letters = () => browser.get<readonly DeadLetter[]>('/api/dead-letters');
    expect((await letters()).map(({ body }) => body)).toContain(poison);
    await drop.click();
    await button(page, 'Drop it').click();
    await page.getByText(/^Dropped 1 message\. A copy is in .*\.jsonl$/).waitFor();
    expect((await letters()).map(({ body }) => body)).not.toContain(poison);
  });
});

describe('The log of events', () => {
  const rows = (page: Page) =>
    page.getByRole('region', { name: 'Events, newest first' }).locator('tbody button');
  // Its notification has its id in the subject, too, and may come later.
  const all: readonly string[] = expect.arrayContaining(['OrderConfirmed', 'StockReserved', 'OrderPlaced']);
  const shown = (page: Page, types: readonly string[]) =>
    eventually(async () => expect(await rows(page).allInnerTexts()).toEqual(types));

  it('is filtered, and the back and forward buttons restore each state from the address', async () => {
    const sku = await stockedProduct(5);
    const { orderId } = await placeOrder({ lines: [[sku, 1]] });
    await reaches(orderId, 'CONFIRMED');
    const page = await browser.open('/events');
    await page.getByLabel('Subject').fill(orderId);
    await shown(page, all);
    await page.getByLabel('Type').selectOption('OrderPlaced');
    await shown(page, ['OrderPlaced']);
    await rows(page).first().click();
    await page.getByRole('region', { name: 'Payload' }).getByText(sku).waitFor();
    await button(page, 'Failed only').click();
    await page.getByText('No event matches.').waitFor();
    const { searchParams } = new URL(page.url());

    expect(Object.fromEntries(searchParams)).toEqual({
      subject: orderId,
      type: 'OrderPlaced',
      event: expect.any(String),
      failed: '1',
    });
    await page.goBack();
    await shown(page, ['OrderPlaced']);
    await page.goBack();
    await page.goBack();
    await shown(page, all);
    await page.goForward();
    await shown(page, ['OrderPlaced']);
    await page.reload();
    await shown(page, ['OrderPlaced']);
  });

  it('stands still while it is paused, and then shows what came meanwhile', async () => {
    const sku = await stockedProduct(5);
    const page = await browser.open(`/events?text=${sku}`);
    await shown(page, ['ProductUpserted']);
    await button(page, 'Pause').click();
    const { orderId } = await placeOrder({ lines: [[sku, 1]] });
    await reaches(orderId, 'CONFIRMED');
    await page.getByText(/[1-9]\d* more since the pause/).waitFor();

    expect(await rows(page).allInnerTexts()).toEqual(['ProductUpserted']);
    await button(page, 'Resume').click();
    await eventually(async () => expect(await rows(page).allInnerTexts()).toContain('OrderPlaced'));
  });
});

it('A function that is to fail on the page fails until the fault is cleared there', async () => {
  const page = await browser.open('/faults');
  const ask = async () =>
    (await fetch(`${urlOf('inventory')}/products?limit=1`, { headers: await authorization() })).status;
  const name = `inventory-${platform().stage}-list-products`;
  await page.getByLabel('Function', { exact: true }).selectOption(name);
  await button(page, 'Start the fault').click();
  const bar = page.getByRole('complementary', { name: 'Faults that are on' });
  await bar.getByText(name).waitFor();

  expect(await ask()).toBeGreaterThanOrEqual(500);
  await bar.getByText('struck 1×').waitFor();
  await page.goto(`${browser.url}/orders`);
  await button(page, 'Clear faults').click();
  await bar.waitFor({ state: 'detached' });
  expect(await ask()).toBe(200);
});

describe('With 10,000 events within a minute', () => {
  const [events, batch] = [10_000, 10];
  const kept = 5_000;
  const subjectOf = (n: number): string => `burst-${n}`;
  const run = randomUUID().slice(0, 8);

  interface Measured {
    readonly clicks: readonly number[];
    readonly longest: number;
  }

  const measure = `
    window.measured = { clicks: [], longest: 0 };
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) measured.longest = Math.max(measured.longest, duration);
    }).observe({ type: 'longtask' });
    addEventListener('click', ({ timeStamp }) => {
      requestAnimationFrame(() => setTimeout(() => measured.clicks.push(performance.now() - timeStamp)));
    }, true);`;

  const sendAll = async (url: string): Promise<void> => {
    let next = 0;
    const sender = async (): Promise<void> => {
      while (next < events) {
        const first = next;
        next += batch;
        const bodies = Array.from({ length: batch }, (_, at) =>
          JSON.stringify({
            ...sampleEvent(OrderCancelled),
            id: `${run}-${first + at}`,
            subject: subjectOf(first + at),
          }),
        );
        await queues.send(url, bodies);
      }
    };
    await Promise.all([sender(), sender(), sender(), sender()]);
  };

  it('the page answers clicks, and page and server keep the newest 5,000', async () => {
    const page = await browser.open('/events');
    const url = await queues.create('order-events--burst');
    const inspector = await PageInspector.of(page);
    await inspector.evaluate(measure);
    const began = Date.now();
    let sent = false;
    const sending = sendAll(url).finally(() => {
      sent = true;
    });
    while (!sent) {
      for (const pressed of ['true', 'false']) {
        await button(page, 'Failed only').click();
        await page.locator(`button[aria-pressed="${pressed}"]`, { hasText: 'Failed only' }).waitFor();
      }
    }
    await sending;
    expect(Date.now() - began).toBeLessThan(60_000);
    await page.getByText(`the newest ${kept.toLocaleString('en')}`).waitFor();
    const during = await inspector.evaluate<Measured>('measured');
    await inspector.evaluate('measured.longest = 0');
    await page.getByLabel('Subject').fill(subjectOf(events - 1));
    await page.getByRole('button', { name: 'OrderCancelled' }).first().click();
    const after = await inspector.evaluate<Measured>('measured');
    const clicks = [...during.clicks].sort((a, b) => a - b);

    expect(clicks.length).toBeGreaterThan(4);
    expect(clicks[Math.floor(clicks.length / 2)]).toBeLessThan(200);
    expect(after.longest).toBeLessThan(1_000);
    expect(await inspector.heapUsed()).toBeLessThan(150e6);
    const known = (n: number) => browser.get<readonly EventEntry[]>(`/api/events?subject=${subjectOf(n)}`);
    expect(await known(events - 1)).toHaveLength(1);
    expect(await known(0)).toEqual([]);
    await queues.delete(url);
  });
});
