import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type InstalledPackage, installPackage } from '../../../tests/support/installed-package.ts';

/** The package as another team gets it. */

const example = readFileSync(join(__dirname, '../../../docs/snippets/place-order.ts'), 'utf8');

const consumer = `
import { orderlyClient, paginate, ProblemError, type Order, type ProblemType } from '@orderly/client';

const answers: [number, string, object][] = [
  [201, 'application/json', { orderId: 'o-1', status: 'PLACED', lines: [] }],
  [200, 'application/json', { items: [{ sku: 'MUG', available: 8 }] }],
  [409, 'application/problem+json', { type: 'urn:orderly:problem:order-not-cancelled', detail: 'It is shipped' }],
];
const client = orderlyClient({
  urls: { orders: 'https://orders.test', inventory: 'https://inventory.test' },
  fetch: async () => {
    const [status = 500, type = '', body] = answers.shift() ?? [];
    return new Response(JSON.stringify(body), { status, headers: { 'content-type': type } });
  },
});
async function main() {
  const customer = { id: 'alice', email: 'alice@example.com' };
  const order: Order = await client.orders.placeOrder({
    body: { customer, lines: [{ sku: 'MUG', quantity: 2 }] },
    idempotencyKey: 'k-1',
  });
  const skus: string[] = [];
  for await (const { sku } of paginate(client.inventory.listProducts, { limit: 100 })) skus.push(sku);
  const type: ProblemType | 'about:blank' | undefined = await client.orders.cancelOrder(order).then(
    () => undefined,
    (error: unknown) => (error instanceof ProblemError ? error.type : undefined),
  );
  console.log(JSON.stringify([order.orderId, skus, type]));
}
main();
`;
const misuse = `
import { orderlyClient, ProblemError } from '@orderly/client';
const client = orderlyClient({ urls: {} });
client.orders.placeOrder({ body: { customer: { id: 'alice', email: 'a@b.org' } } });
export const isUnknown = (error: ProblemError) => error.type === 'urn:orderly:problem:unknown-skus';
`;

let client: InstalledPackage;
beforeAll(async () => {
  const files = { 'esm.mts': consumer, 'cjs.cts': consumer, 'misuse.mts': misuse, 'example.mts': example };
  client = await installPackage('shared/client', files);
});
afterAll(() => client.remove());

it('brings nothing along', async () => {
  expect(await client.installed()).toEqual(['@orderly']);
});

it('type-checks under strict and runs, as ES modules and as CommonJS; a wrong request and an unknown problem are errors', async () => {
  const files = ['esm.mts', 'cjs.cts', 'example.mts', 'misuse.mts'];

  expect(await client.typeCheck(files, '--module', 'nodenext')).toEqual([
    expect.stringMatching(/^misuse\.mts.*Property 'lines' is missing/),
    expect.stringMatching(/^misuse\.mts.*no overlap/),
  ]);
  for (const compiled of ['esm.mjs', 'cjs.cjs']) {
    expect(JSON.parse(await client.run(compiled))).toEqual([
      'o-1',
      ['MUG'],
      'urn:orderly:problem:order-not-cancelled',
    ]);
  }
});

it('has no error in the eyes of publint and of Are The Types Wrong', async () => {
  expect(await client.lint()).toBe('');
});

it('is small in the bundle of a web page, and needs nothing of Node.js there', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "import { orderlyClient } from '@orderly/client'; console.log(orderlyClient)",
      resolveDir: client.project,
    },
    bundle: true,
    minify: true,
    platform: 'browser',
    write: false,
  });

  expect(outputFiles[0]?.contents.length).toBeLessThan(6_000);
});
