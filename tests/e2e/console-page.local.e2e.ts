import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Pulse } from '@orderly/console/api';
import { type Page, PageInspector } from '@orderly/support/browser';
import { eventually } from '@orderly/support/eventually';
import axe from 'axe-core';
import { placeOrder, reaches, stockedProduct } from './api.ts';
import { authorization } from './authorization.ts';
import { ConsoleBrowser } from './console.ts';
import { platform, urlOf } from './platform.ts';
import { queues } from './queues.ts';

let browser: ConsoleBrowser;
let orderId: string;
let endpointId: string;

/** Calls the webhooks service as the console does, whose endpoints the console shows. */
const callWebhooks = async (method: string, path: string, body?: object): Promise<Record<string, string>> => {
  const headers = {
    'content-type': 'application/json',
    ...(await authorization('console', 'webhooks:write')),
  };
  const answer = await fetch(`${urlOf('webhooks')}${path}`, {
    method,
    headers,
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(answer.ok).toBe(true);
  return (await answer.json()) as Record<string, string>;
};

beforeAll(async () => {
  browser = await ConsoleBrowser.start();
  const nobody = { url: 'http://127.0.0.1:1/hook', events: ['OrderPlaced'] };
  ({ endpointId = '' } = await callWebhooks('POST', '/endpoints', nobody));
  const sku = await stockedProduct(5);
  ({ orderId } = await placeOrder({ lines: [[sku, 1]] }));
  await reaches(orderId, 'CONFIRMED');
});
afterEach(() => browser.closePages());
afterAll(async () => {
  await callWebhooks('DELETE', `/endpoints/${endpointId}`);
  await browser.close();
});

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe('With the keyboard alone', () => {
  it('an order is searched and opened, and a dialog is closed', async () => {
    const page = await browser.open('/events');
    await page.getByRole('heading', { name: 'Events' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(orderId);
    await page.getByRole('list', { name: 'Suggestions' }).getByText('Order', { exact: true }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/orders/${orderId}`);

    const place = button(page, 'Place an order');
    await place.focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'A new order' }).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await eventually(async () =>
      expect(await place.evaluate('document.activeElement.textContent')).toContain('Place'),
    );
  });

  it('every action of an order is reached', async () => {
    const page = await browser.open(`/orders/${orderId}`);
    await page.locator('.head').getByText('CONFIRMED').waitFor();
    const inspector = await PageInspector.of(page);
    // What the order shows changes no more.
    await button(page, 'Pause').click();
    const wanted = await inspector.evaluate<number>(`
      window.wanted = [...document.querySelectorAll('a[href], button:enabled, input, select, summary')]
        .filter((each) => each.checkVisibility());
      wanted.length`);
    await inspector.evaluate('document.activeElement.blur()');
    const reached = '[...new Set(wanted)].filter((each) => each.wasReached).length';
    for (let press = 0; press < 2 * wanted; press += 1) {
      await page.keyboard.press('Tab');
      await inspector.evaluate('document.activeElement.wasReached = true');
      if ((await inspector.evaluate(reached)) === wanted) break;
    }

    expect(wanted).toBeGreaterThan(20);
    expect(
      await inspector.evaluate('wanted.filter((each) => !each.wasReached).map((each) => each.outerHTML)'),
    ).toEqual([]);
  });
});

describe.each([
  ['Platform', '/'],
  ['Orders', '/orders'],
  ['Order', () => `/orders/${orderId}`],
  ['Events', '/events'],
  ['Queues', '/queues'],
  ['Queue', `/queues/${queues.name('order-events--inventory.fifo')}`],
  ['Webhooks', '/webhooks'],
  ['Webhook', () => `/webhooks/${endpointId}`],
  ['Functions', '/functions'],
  ['Tables', '/tables'],
  ['Table', `/tables/${platform().stage}-orders`],
  ['API', '/apis/orders'],
  ['Catalogue', '/catalogue/OrderPlaced'],
  ['Faults', '/faults'],
] as const)('The view %s', (name, path) => {
  interface Violation {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[];
  }

  const violations = async (inspector: PageInspector, options: object): Promise<readonly string[]> => {
    const run = `axe.run(document, ${JSON.stringify({ resultTypes: ['violations'], ...options })})`;
    const found = await inspector.evaluate<readonly Violation[]>(
      `${run}.then(({ violations }) => violations)`,
    );
    return found.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
    );
  };

  const DRAWN =
    'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))';
  /** What makes the page wider than the window. */
  const TOO_WIDE = `
    document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('main *, header *')]
      .filter((each) => each.getBoundingClientRect().right > innerWidth && !each.closest('.scroll, nav'))
      .map((each) => each.outerHTML.slice(0, 200))`;

  it('has no violation that axe finds, light and dark, and fits into the width of a phone', async () => {
    const page = await browser.open(typeof path === 'string' ? path : path());
    await page.getByRole('heading', { level: 1, name }).waitFor();
    await page.getByText('Loading …').waitFor({ state: 'detached' });
    const inspector = await PageInspector.of(page);
    await inspector.evaluate(`${axe.source}; 0`);

    expect(await violations(inspector, {})).toEqual([]);
    await page.emulateMedia({ colorScheme: 'dark' });
    await inspector.evaluate(DRAWN);
    expect(await violations(inspector, { runOnly: ['color-contrast'] })).toEqual([]);
    await page.setViewportSize({ width: 360, height: 740 });
    await inspector.evaluate(DRAWN);
    expect(await inspector.evaluate(TOO_WIDE)).toEqual([]);
  });
});

describe('Another web page', () => {
  let server: Server;
  let foreign: string;
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>Another page</title>');
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    foreign = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  const inForeignPage = async <T>(script: string): Promise<T> => {
    const page = await browser.open(foreign, { watched: false });
    const inspector = await PageInspector.of(page);
    return inspector.evaluate<T>(`(async (console) => { ${script} })(${JSON.stringify(browser.url)})`);
  };

  it.each(['/', '/api/about', '/api/orders', '/api/live?pulse'])('cannot read %s', async (path) => {
    const read = await inForeignPage<readonly string[]>(`
      const attempts = [{}, { mode: 'no-cors' }, { credentials: 'include' }].map(async (options) => {
        const response = await fetch(console + ${JSON.stringify(path)}, options);
        return response.text();
      });
      const results = await Promise.allSettled(attempts);
      return results.map(({ status, value }) => status === 'fulfilled' ? value : '');`);

    expect(read).toEqual(['', '', '']);
  });

  it('can do nothing, by script or by form', async () => {
    const fault = { kind: 'delay-queue', name: queues.name('order-events--inventory.fifo'), delayMs: 1 };
    const page = await browser.open('/');
    const inspector = await PageInspector.of(page);
    await inspector.evaluate(`fetch('/api/faults', {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-orderly-token': document.querySelector('meta[name="orderly-token"]').content,
      },
      body: ${JSON.stringify(JSON.stringify({ fault, seconds: 300 }))},
    })`);
    const faults = async () => (await browser.get<Pulse>('/api/pulse')).faults;
    expect(await faults()).toHaveLength(1);
    await inForeignPage(`
      const url = console + '/api/faults/clear';
      await Promise.allSettled([
        fetch(url, { method: 'POST', body: '{}' }),
        fetch(url, { method: 'POST', body: '{}', mode: 'no-cors' }),
        fetch(url, { method: 'POST', body: '{}', headers: { 'content-type': 'application/json', 'x-orderly-token': 'x' } }),
      ]);
      navigator.sendBeacon(url, '{}');
      document.body.innerHTML = '<iframe name="answer"></iframe><form method="post" target="answer"></form>';
      const answered = new Promise((done) => document.querySelector('iframe').addEventListener('load', done));
      Object.assign(document.querySelector('form'), { action: url }).submit();
      await answered;`);

    expect(await faults()).toHaveLength(1);
    await page.getByRole('button', { name: 'Clear faults' }).click();
    await eventually(async () => expect(await faults()).toEqual([]));
  });

  it('cannot frame the console', async () => {
    const page = await browser.open(foreign, { watched: false });
    const inspector = await PageInspector.of(page);
    await inspector.evaluate(`new Promise((done) => {
      const frame = document.createElement('iframe');
      frame.addEventListener('load', done);
      frame.src = ${JSON.stringify(browser.url)};
      document.body.append(frame);
    })`);

    expect(page.frames().map((frame) => frame.url())).toEqual([
      `${foreign}/`,
      'chrome-error://chromewebdata/',
    ]);
  });
});
