import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { clientSourceOf } from '../documents/client-source.ts';
import { root } from '../documents/platform.ts';

const documents = Object.fromEntries(
  ['inventory', 'notifications', 'orders'].map((service) => [
    service,
    parse(readFileSync(join(root, `docs/reference/openapi/${service}.yaml`), 'utf8')),
  ]),
);

const withSchema = (service: string, name: string, schema: object) => {
  const document = structuredClone(documents[service]);
  document.components.schemas[name] = schema;
  return { ...documents, [service]: document };
};

it('The client repeats no other POST without a key than those that are idempotent by themselves', () => {
  const source = clientSourceOf(documents);
  const posts = [...source.matchAll(/(\w+): \(.*\) =>\s+send\(\s*\{ method: 'POST'(.*)\}/g)];

  const keyless = posts.filter(([, , call]) => !call?.includes('idempotencyKey')).map(([, name]) => name);
  expect(keyless).toEqual(['cancelOrder', 'shipOrder']);
  expect(posts).toHaveLength(4);
});

it('A schema that has no TypeScript is an error, not a hole in the client', () => {
  const changed = withSchema('orders', 'Version', { type: 'null' });

  expect(() => clientSourceOf(changed)).toThrow('No TypeScript for the schema {"type":"null"}');
});

it('A name means the same in all services', () => {
  const changed = withSchema('inventory', 'Currency', { type: 'string' });

  expect(() => clientSourceOf(changed)).toThrow('Two services describe a different Currency');
});
