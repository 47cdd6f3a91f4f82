import { maskPersonal } from '@orderly/functions/observability/mask';
import { shownContracts } from '../contracts/contract.ts';
import { isNode, type OpenApiDocument, openDocument } from '../documents/openapi-document.ts';
import { operations } from '../documents/operations.ts';
import { readApis } from '../documents/platform.ts';

interface Field {
  /** e.g. `customer.email`. */
  readonly path: string;
  readonly schema: Readonly<Record<string, unknown>>;
}

/** Every field of a schema, at any depth; `$ref`s of a document are followed. */
function fieldsOf(schema: unknown, document?: OpenApiDocument, path = ''): readonly Field[] {
  const { $ref } = isNode(schema) ? schema : {};
  if (typeof $ref === 'string') {
    const keys = $ref.split('/').slice(1);
    return fieldsOf(document?.find(...keys)?.value, document, path);
  }
  if (!isNode(schema)) return [];
  const own = path === '' ? [] : [{ path, schema }];
  const fields = isNode(schema.properties) ? Object.entries(schema.properties) : [];
  const prefix = path === '' ? '' : `${path}.`;
  return [
    ...own,
    ...fields.flatMap(([name, field]) => fieldsOf(field, document, `${prefix}${name}`)),
    ...fieldsOf(schema.items, document, path === '' ? '' : `${path}[]`),
  ];
}

const services = [...readApis().keys()];
const contracts = shownContracts();

const inEvents = contracts.flatMap(({ type, schema }) =>
  fieldsOf(schema).map((field) => ({ ...field, in: type })),
);
const inApis = services.flatMap((service) => {
  const document = openDocument(service);
  const schemas = document.find('components', 'schemas')?.value;
  return Object.entries(isNode(schemas) ? schemas : {}).flatMap(([name, schema]) =>
    fieldsOf(schema, document).map((field) => ({ ...field, in: `${service} ${name}` })),
  );
});

/** Names of personal fields; an endpoint's answer may quote the event that was posted to it. */
const personal = /(^|\.)customer\.|(^|\.)answer$|customerId|email|phone|address|(first|last|full)Name|birth/i;

it('every personal field of an event or an API is marked', () => {
  const holding = [...inEvents, ...inApis].filter(
    ({ path, schema }) => personal.test(path) || schema.format === 'email',
  );

  expect(holding.filter(({ schema }) => schema['x-personal'] === undefined)).toEqual([]);
  // Five events, the requested and the answered order, and the customer itself.
  expect(new Set(holding.map((field) => field.in)).size).toBeGreaterThanOrEqual(7);
});

it('an address is identifying, and every mark has a known value', () => {
  const marked = [...inEvents, ...inApis].filter(({ schema }) => 'x-personal' in schema);
  const addresses = marked.filter(({ schema }) => schema.format === 'email');

  expect(new Set(addresses.map(({ schema }) => schema['x-personal']))).toEqual(new Set(['identifying']));
  expect(new Set(marked.map(({ schema }) => schema['x-personal']))).toEqual(
    new Set(['identifying', 'pseudonymous']),
  );
});

it.each(services)('no path, query or header of %s takes identifying data', (service) => {
  const document = openDocument(service);
  const parameters = operations(document).flatMap(({ route, place }) =>
    // Its own, and those of its path.
    [place, place.slice(0, -1)].flatMap((at) => {
      const list = document.find(...at, 'parameters')?.value;
      return Array.from({ length: Array.isArray(list) ? list.length : 0 }, (_, index) => {
        const find = (key: string) => document.find(...at, 'parameters', String(index), key)?.value;
        const schema = find('schema');
        return { route, name: find('name'), personal: isNode(schema) ? schema['x-personal'] : 'unknown' };
      });
    }),
  );

  expect(parameters.length).toBeGreaterThan(2);
  expect(parameters.filter(({ personal }) => personal === 'unknown')).toEqual([]);
  expect(parameters.filter(({ personal }) => personal === 'identifying')).toEqual([]);
});

it('the log masks every identifying field of every event', () => {
  const values = contracts.flatMap(({ schema, example }) =>
    fieldsOf(schema)
      .filter((field) => field.schema['x-personal'] === 'identifying')
      .map(({ path }) => path.split('.').reduce<unknown>((value, key) => Object(value)[key], example)),
  );

  expect(values.length).toBeGreaterThanOrEqual(5);
  const texts = values.flatMap((value) =>
    typeof value === 'string' ? [value] : Object.values(Object(value)),
  );
  expect(texts.filter((text) => typeof text !== 'string' || text === '')).toEqual([]);
  const examples = contracts.map(({ example }) => example);
  const logged = [maskPersonal('text', JSON.stringify(examples)), JSON.stringify(examples, maskPersonal)];
  expect(texts.filter((text) => logged.some((log) => String(log).includes(String(text))))).toEqual([]);
});
