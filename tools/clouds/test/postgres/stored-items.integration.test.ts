import { inDatabase, startPostgres } from '@orderly/clouds/postgres';
import { migrate } from '../../src/postgres/migrate.ts';
import type { PostgresServer } from '../../src/postgres/server.ts';
import { StoredItems } from '../../src/postgres/stored-items.ts';

const table = 't-orders';
const index = { name: 'by-customer', partition: 'customerId', sort: 'placedAt' };
let server: PostgresServer;
let url: string;
let items: StoredItems;

beforeAll(async () => {
  server = await startPostgres();
  url = await server.createDatabase(`stored-items-${process.pid}`);
  await migrate(url, [{ name: table, indexes: [index] }]);
  items = new StoredItems(url, table);
  const all = [
    { pk: 'A', sk: '1', customerId: 'ann', placedAt: '2026-01' },
    { pk: 'A', sk: '2' },
    { pk: 'A', sk: '10', customerId: 'ann', placedAt: '2025-12' },
    { pk: 'B', sk: '', customerId: 'bob', placedAt: '2026-02' },
  ];
  await inDatabase(url, async (client) => {
    for (const { pk, sk, ...more } of all) {
      const item = { pk, ...(sk && { sk }), ...more };
      await client.query(`INSERT INTO "${table}" (pk, sk, item) VALUES ($1, $2, $3)`, [pk, sk, item]);
    }
  });
});

afterAll(async () => {
  await items?.close();
  await server?.dropDatabase(`stored-items-${process.pid}`);
  await server?.stop();
});

const keys = (page: Awaited<ReturnType<StoredItems['page']>>) =>
  page?.items.map(({ pk, sk = '' }) => `${pk}${sk}`).join(' ');

it('All items come in the order of their keys, page by page', async () => {
  const first = await items.page({ limit: 3 });
  const second = await items.page({ after: first?.next, limit: 3 });

  expect(keys(first)).toBe('A1 A10 A2');
  expect(first?.next).toEqual({ pk: 'A', sk: '2' });
  expect(keys(second)).toBe('B');
  expect(second).not.toHaveProperty('next');
});

it('A partition is selected by its whole value, and the beginning of the second attribute', async () => {
  expect(keys(await items.page({ partition: 'A', limit: 9 }))).toBe('A1 A10 A2');
  expect(keys(await items.page({ partition: 'A', sort: '1', limit: 9 }))).toBe('A1 A10');
  expect(keys(await items.page({ partition: "A' OR true --", limit: 9 }))).toBe('');
});

it('An index has the items that have its attributes, in its order', async () => {
  expect(keys(await items.page({ index: index.name, limit: 9 }))).toBe('A10 A1 B');
  const first = await items.page({ index: index.name, partition: 'ann', limit: 1 });
  expect(keys(first)).toBe('A10');
  const next = { index: index.name, partition: 'ann', after: first?.next, limit: 1 };
  expect(keys(await items.page(next))).toBe('A1');
  expect(await items.page({ index: 'nowhere', limit: 1 })).toBeUndefined();
});

it('A table is described with its key, indexes and size', async () => {
  const { bytes, ...facts } = await items.describe();

  expect(facts).toEqual({
    ...{ name: table, items: 4, key: ['pk', 'sk'] },
    indexes: [{ name: index.name, key: [index.partition, index.sort] }],
  });
  expect(bytes).toBeGreaterThan(0);
});
