import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { EventEntry } from '@orderly/console/api';
import type { Page } from '@orderly/support/browser';
import { eventually } from '@orderly/support/eventually';
import { placeOrder, stockedProduct } from './api.ts';
import { ConsoleBrowser } from './console.ts';

interface Received {
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** An endpoint of another team: keeps what it gets, and answers as a test wants. */
class Receiver {
  readonly received: Received[] = [];
  /** With `retryAfter` an attempt that failed is not repeated within the test. */
  answer: { status: number; text: string; retryAfter?: string } = { status: 200, text: 'thanks' };
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request.setEncoding('utf8')) body += chunk;
      this.received.push({ headers: request.headers, body });
      const { status, text, retryAfter } = this.answer;
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end(text);
    });
  }

  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook`;
  }

  /** The events about a subject that it got. */
  about(subject: string): readonly Received[] {
    return this.received.filter(({ body }) => JSON.parse(body).subject === subject);
  }

  stop(): void {
    this.#server.closeAllConnections();
    this.#server.close();
  }
}

/** Whether the sender knew the secret: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md */
const isSigned = ({ headers, body }: Received, secret: string): boolean => {
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${body}`;
  const signature = createHmac('sha256', key).update(signed).digest('base64');
  return String(headers['webhook-signature']).split(' ').includes(`v1,${signature}`);
};

const receiver = new Receiver();
let browser: ConsoleBrowser;
let hook: string;
let page: Page;
let endpoint: string;
let secret: string;
beforeAll(async () => {
  browser = await ConsoleBrowser.start();
  hook = await receiver.start();
  page = await browser.open('/webhooks');
});
afterAll(async () => {
  await browser.closePages();
  await browser.close();
  receiver.stop();
});

const button = (name: string) => page.getByRole('button', { name, exact: true });
const dialog = () => page.getByRole('dialog');
const deliveries = (event: string) => page.getByRole('article', { name: `Delivery: ${event} ` });
const shownSecret = async () => {
  const text = await dialog().getByRole('region', { name: 'Secret' }).innerText();
  expect(text).toMatch(/^whsec_[A-Za-z0-9+/]+=*$/);
  return text;
};

it('An endpoint is registered on the page, which shows its secret once', async () => {
  await button('Register an endpoint').click();
  await dialog().getByLabel('URL').fill(hook);
  await dialog().getByLabel('Note (optional)').fill('Browser');
  await dialog().getByLabel('OrderPlaced').check();
  await button('Register').click();
  secret = await shownSecret();
  await button('Close').click();
  await page.waitForURL(/\/webhooks\/[\da-f-]{36}$/);
  endpoint = page.url();
  await page.locator('.head').getByText('enabled', { exact: true }).waitFor();

  expect(await page.content()).not.toContain('whsec_');
});

it('A test event arrives, signed with the secret that the page has shown', async () => {
  await button('Send a test event').click();
  await deliveries('WebhookEndpointTested').getByText('delivered', { exact: true }).waitFor();

  expect(receiver.received.map((one) => isSigned(one, secret))).toEqual([true]);
});

it('A delivery that fails is seen as it happens, with the answer, and is delivered after a click', async () => {
  receiver.answer = { status: 503, text: 'Down for maintenance', retryAfter: '900' };
  const { orderId } = await placeOrder({ lines: [[await stockedProduct(5), 1]] });
  const delivery = deliveries('OrderPlaced').filter({ hasText: orderId.slice(0, 13) });
  await delivery.getByText('waits', { exact: true }).waitFor();
  await delivery.getByText(/^503 in /).waitFor();
  await delivery.getByRole('button', { name: 'Show attempts' }).click();
  await delivery.getByText('Down for maintenance').waitFor();
  expect(receiver.about(orderId)).toHaveLength(1);

  receiver.answer = { status: 200, text: 'thanks' };
  await delivery.getByRole('button', { name: 'Retry', exact: true }).click();
  await delivery.getByText('delivered', { exact: true }).waitFor();

  expect(receiver.about(orderId)).toHaveLength(2);
  await delivery.getByRole('link', { name: /^OrderPlaced / }).click();
  await page.getByRole('region', { name: 'The selected event' }).getByText(orderId).first().waitFor();
  await page.goto(endpoint);
});

it('An endpoint that has gone is disabled, says why, and gets all that has failed after two clicks', async () => {
  receiver.answer = { status: 410, text: 'Gone' };
  const { orderId } = await placeOrder({ lines: [[await stockedProduct(5), 1]] });
  await page.locator('.head').getByText('it has answered 410, that it is gone').waitFor();
  await page.getByLabel('State').selectOption('failed');
  expect(await page.getByRole('article').allInnerTexts()).toEqual([
    expect.stringContaining(orderId.slice(0, 13)),
  ]);

  receiver.answer = { status: 200, text: 'thanks' };
  await button('Enable').click();
  await page.locator('.head').getByText('enabled', { exact: true }).waitFor();
  await button('Retry 1 failed delivery').click();
  await page.getByText('None of those that are loaded.').waitFor();
  await button('Clear the filter').click();
  await deliveries('OrderPlaced')
    .filter({ hasText: orderId.slice(0, 13) })
    .getByText('delivered', { exact: true })
    .waitFor();

  expect(receiver.about(orderId)).toHaveLength(2);
});

it('A rotated secret is shown once, and signs beside the one before it', async () => {
  await button('Rotate the secret').click();
  const rotated = await shownSecret();
  await dialog()
    .getByText(/^The secret before it signs, too, until /)
    .waitFor();
  await page.keyboard.press('Escape');
  await dialog().waitFor({ state: 'detached' });
  const before = receiver.received.length;
  await button('Send a test event').click();
  await eventually(async () => expect(receiver.received.length).toBeGreaterThan(before));

  const last = receiver.received.at(-1);
  expect([secret, rotated].map((one) => last !== undefined && isSigned(last, one))).toEqual([true, true]);
});

it('An endpoint that is disabled by its owner gets nothing', async () => {
  await button('Disable').click();
  await page.locator('.head').getByText('by its owner').waitFor();
  const { orderId } = await placeOrder({ lines: [[await stockedProduct(5), 1]] });
  await eventually(async () => {
    const events = await browser.get<readonly EventEntry[]>(
      `/api/events?subject=${orderId}&type=OrderPlaced`,
    );
    const taken = { consumer: 'webhooks', state: 'taken' };
    expect(events[0]?.deliveries).toContainEqual(expect.objectContaining(taken));
  });

  expect(await button('Send a test event').isDisabled()).toBe(true);
  expect(receiver.about(orderId)).toEqual([]);
});

it('An endpoint is deleted after a question, and the list shows it no more', async () => {
  await button('Delete').click();
  await button('Delete it').click();
  await page.waitForURL(/\/webhooks$/);
  await page.getByRole('heading', { level: 1, name: 'Webhooks' }).waitFor();

  await page.getByRole('link', { name: hook }).waitFor({ state: 'detached' });
});

it('The view says that the service is stopped, and shows the endpoints when it runs again', async () => {
  const row = page.getByRole('row', { name: /^webhooks/ });
  const inView = page.getByRole('main').getByText('The service webhooks is not running.');
  await page.goto(browser.url);
  await row.getByRole('button', { name: 'Stop', exact: true }).click();
  await row.getByText('stopped').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Webhooks' }).click();
  await inView.waitFor();
  expect(await button('Register an endpoint').isVisible()).toBe(false);

  await page.goto(browser.url);
  await row.getByRole('button', { name: 'Start', exact: true }).click();
  await row.getByText('running').waitFor();
  await page.getByRole('navigation').getByRole('link', { name: 'Webhooks' }).click();
  await button('Register an endpoint').waitFor();
});
