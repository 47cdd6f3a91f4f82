import { eventDefinitions } from '@orderly/contracts';
import { pageFields } from '@orderly/functions/http/page';
import * as fc from 'fast-check';
import * as v from 'valibot';
import { apiDescription as inventory } from '../../../services/inventory/src/api/description.ts';
import { apiDescription as orders } from '../../../services/orders/src/api/description.ts';
import { arbitraryOf } from '../src/arbitrary.ts';
import { hostileJson } from '../src/hostile-json.ts';
import { requestsTo } from '../src/requests.ts';

const bodies = [...orders.routes, ...inventory.routes].flatMap(({ route, body }) =>
  body === undefined ? [] : [{ name: route, schema: body.schema }],
);
const events = eventDefinitions.map(({ type, schema }) => ({
  name: type,
  schema: schema as v.GenericSchema,
}));
const limit = { name: 'limit', schema: pageFields.limit };

it.each([...bodies, ...events, limit])(
  'generates nearly only what the schema of $name takes',
  ({ schema }) => {
    const inputs = fc.sample(arbitraryOf(schema, new Map()), { numRuns: 200, seed: 1 });

    const taken = inputs.filter((input) => v.safeParse(schema, input).success);
    // An adjustment may be zero, for example.
    expect(taken.length).toBeGreaterThan(150);
  },
);

it('prefers what it is given, most of the time', () => {
  const schema = v.object({ id: v.string() });
  const preferred = new Map([[schema.entries.id, fc.constant('here')]]);

  const inputs = fc.sample(arbitraryOf(schema, preferred), { numRuns: 200, seed: 1 });

  const here = inputs.filter((input) => v.safeParse(v.object({ id: v.literal('here') }), input).success);
  expect(here.length).toBeGreaterThan(120);
  expect(here.length).toBeLessThan(200);
});

it('refuses a schema that it does not know', () => {
  expect(() => arbitraryOf(v.date(), new Map())).toThrow(
    'There is no arbitrary for schemas of the type date',
  );
});

it('writes documents that are right, documents that are wrong, and texts that are no JSON', () => {
  const schema = v.object({ name: v.string(), lines: v.array(v.object({ sku: v.string() })) });
  const texts = fc.sample(hostileJson(arbitraryOf(schema, new Map())), { numRuns: 1000, seed: 1 });
  const parsed = texts.map((text) => {
    try {
      return v.safeParse(schema, JSON.parse(text)).success;
    } catch {
      return undefined;
    }
  });

  for (const outcome of [true, false, undefined]) {
    expect(parsed.filter((one) => one === outcome).length).toBeGreaterThan(100);
  }
  expect(texts.some((text) => /"(\w+)":[^{}]*"\1":/.test(text))).toBe(true);
});

it.each(orders.routes)('asks $route with and without each thing that a request may have', (description) => {
  const route = { ...description, body: description.body?.schema };
  const requests = fc.sample(requestsTo(route, new Map(), fc.constant('a-cursor')), {
    numRuns: 200,
    seed: 1,
  });

  const has = (name: string) => requests.map((request) => JSON.stringify(request).includes(`"${name}":`));
  const names = Object.keys({ ...route.path?.entries, ...route.query?.entries });
  for (const name of [...names, 'claims', 'sub', 'content-type', 'idempotency-key']) {
    expect([name, new Set(has(name)).size]).toEqual([name, 2]);
  }
});
