import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { parse } from 'yaml';

/** The keys that lead to a place in a document. */
export type Place = readonly string[];

type Node = Readonly<Record<string, unknown>>;

export interface OpenApiDocument {
  readonly root: Node;
  /** The value at a place and its actual place: every `$ref` on the way is followed. */
  find(...place: Place): { readonly place: Place; readonly value: unknown } | undefined;
  /** The faults of a value by the schema at a place; none if it is valid. */
  check(place: Place, value: unknown): readonly string[];
}

/**
 * A service's OpenAPI document, checked by ajv, which is independent of the schemas that it was generated from.
 *
 * @param closed whether fields that a named schema does not have are faults; readers of the API ignore such fields
 */
export function openDocument(service: string, { closed = false } = {}): OpenApiDocument {
  const text = readFileSync(resolve(__dirname, `../../../docs/reference/openapi/${service}.yaml`), 'utf8');
  const document: unknown = parse(text);
  if (!isNode(document))
    throw new TypeError(`docs/reference/openapi/${service}.yaml is not an OpenAPI document`);
  const root = closed ? withClosedSchemas(document) : document;
  const ajv = new Ajv2020({ allErrors: true });
  addFormats.default(ajv);
  // RFC 6531, which ajv-formats lacks. The functions check the part behind the @.
  ajv.addFormat('idn-email', /^[^@\s]+@[^@\s]+$/);
  // The document is the root of its references, and its own keys are no keywords.
  ajv.addVocabulary([...Object.keys(root), 'x-personal']);
  ajv.addSchema(root, service);
  return {
    root,
    find: (...place) => find(root, place),
    check(place, value) {
      const pointer = place.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1')));
      const validate = ajv.getSchema(`${service}#/${pointer.join('/')}`);
      if (validate === undefined) throw new TypeError(`${service}: no schema at ${place.join(' ')}`);
      if (validate(value)) return [];
      return (validate.errors ?? []).map(
        ({ instancePath, message, params }) => `${instancePath} ${message} ${JSON.stringify(params)}`,
      );
    },
  };
}

/** Whether a value is an object with keys. */
export function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function find(root: Node, place: Place): { readonly place: Place; readonly value: unknown } | undefined {
  let value: unknown = root;
  for (const [index, key] of place.entries()) {
    if (typeof value !== 'object' || value === null || !(key in value)) return undefined;
    value = Reflect.get(value, key);
    const target = isNode(value) ? value.$ref : undefined;
    if (typeof target === 'string') return find(root, [...placeOf(target), ...place.slice(index + 1)]);
  }
  return { place, value };
}

function placeOf(ref: string): Place {
  const [, ...keys] = ref.split('/');
  return keys.map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
}

function withClosedSchemas(document: Node): Node {
  const { components } = document;
  if (!isNode(components)) return document;
  return { ...document, components: { ...components, schemas: close(components.schemas) } };
}

function close(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(close);
  if (!isNode(schema)) return schema;
  const parts = Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, close(part)]));
  // A record has keys of any name.
  return schema.type === 'object' && 'properties' in schema
    ? { ...parts, additionalProperties: false }
    : parts;
}
