import { build } from 'esbuild';
import { type InstalledPackage, installPackage } from '../../../tests/support/installed-package.ts';

/** The package as another team gets it. */

const consumer = `
import { dispatcher, OrderConfirmed, on, parseEvent, SequenceGuard, type OrderId, type Sku } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';

const guard = new SequenceGuard();
const picked: { orderId: OrderId; skus: readonly Sku[] }[] = [];
const dispatch = dispatcher(
  on(OrderConfirmed, async (event) => {
    if (!guard.isNew(event)) return;
    picked.push({ orderId: event.data.orderId, skus: event.data.lines.map(({ sku }) => sku) });
    guard.handled(event);
  }),
);
const message = JSON.stringify(sampleEvent(OrderConfirmed));
const parsed = parseEvent(message);
if (parsed.outcome === 'event' && parsed.event.type === OrderConfirmed.type) {
  const at: string = parsed.event.data.confirmedAt;
  if (at === '') throw new Error('no time');
}
async function main() {
  await dispatch(message);
  await dispatch(message);
  console.log(JSON.stringify(picked));
}
main();
`;
const misuse = `
import { OrderConfirmed, on } from '@orderly/contracts';
on(OrderConfirmed, async ({ data }) => { console.log(data.confirmed); });
`;

let contracts: InstalledPackage;
beforeAll(async () => {
  const files = { 'esm.mts': consumer, 'cjs.cts': consumer, 'misuse.mts': misuse };
  contracts = await installPackage('shared/contracts', files);
});
afterAll(() => contracts.remove());

it('brings valibot along and nothing else', async () => {
  expect(await contracts.installed()).toEqual(['@orderly', 'valibot']);
});

it('type-checks under strict and runs, as ES modules and as CommonJS; a field that the event does not have is an error', async () => {
  const findings = await contracts.typeCheck(['esm.mts', 'cjs.cts', 'misuse.mts'], '--module', 'nodenext');

  expect(findings).toEqual([expect.stringMatching(/^misuse\.mts.*Property 'confirmed' does not exist/)]);
  for (const compiled of ['esm.mjs', 'cjs.cjs']) {
    expect(JSON.parse(await contracts.run(compiled))).toEqual([
      { orderId: '0192f0c1-7e00-7000-8000-000000000001', skus: ['85123A', '71053'] },
    ]);
  }
});

it('has no error in the eyes of publint and of Are The Types Wrong', async () => {
  expect(await contracts.lint()).toBe('');
});

it('leaves events that are not used out of a bundle', async () => {
  const { outputFiles } = await build({
    stdin: {
      contents: "import { OrderPlaced } from '@orderly/contracts'; console.log(OrderPlaced)",
      resolveDir: contracts.project,
    },
    bundle: true,
    minify: true,
    platform: 'node',
    mainFields: ['module', 'main'],
    write: false,
  });

  const bundle = outputFiles[0]?.text ?? '';
  expect(bundle).toContain('orderly.order.placed.v1');
  expect(bundle).not.toContain('orderly.order.shipped.v1');
  expect(bundle).not.toContain('orderly.stock');
});
