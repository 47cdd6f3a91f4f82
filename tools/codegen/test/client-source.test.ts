import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { clientSourceOf } from '../documents/client-source.ts';
import { root } from '../documents/platform.ts';

const folder = join(root, 'docs/reference/openapi');
const documents = Object.fromEntries(
  readdirSync(folder).map((file) => [
    file.replace('.yaml', ''),
    parse(readFileSync(join(folder, file), 'utf8')),
  ]),
);

const withSchema = (service: string, name: string, schema: object) => {
  const document = structuredClone(documents[service]);
  document.components.schemas[name] = schema;
  return { ...documents, [service]: document };
};

/** POSTs that may be repeated without an `Idempotency-Key`: a repeat does no harm. */
const idempotent = ['cancelOrder', 'shipOrder', 'rotateSecret', 'retryDelivery'];

it('The client repeats only those POSTs without a key that are idempotent by themselves', () => {
  const source = clientSourceOf(documents);
  const posts = [...source.matchAll(/(\w+): \(.*\) =>\s+send\(\s*\{ method: 'POST'(.*)\}/g)];

  const keyless = posts.filter(([, , call]) => !call?.includes('idempotencyKey')).map(([, name]) => name);
  expect(keyless.sort()).toEqual([...idempotent].sort());
  expect(posts.map(([, name]) => name)).toEqual(expect.arrayContaining(['adjustStock', 'placeOrder']));
});

it('A schema without a counterpart in TypeScript is an error', () => {
  const changed = withSchema('orders', 'Version', { type: 'null' });

  expect(() => clientSourceOf(changed)).toThrow('No TypeScript for the schema {"type":"null"}');
});

it('A name has the same meaning in all services', () => {
  const changed = withSchema('inventory', 'Currency', { type: 'string' });

  expect(() => clientSourceOf(changed)).toThrow('Two services describe a different Currency');
});
