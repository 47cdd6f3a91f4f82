import * as fc from 'fast-check';
import type * as v from 'valibot';

/** A schema as valibot builds it; which members it has depends on its type. */
interface Node {
  readonly type: string;
  readonly pipe?: readonly Node[];
  readonly entries?: Readonly<Record<string, Node>>;
  readonly item?: Node;
  readonly wrapped?: Node;
  readonly key?: Node;
  readonly value?: Node;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly options?: readonly unknown[];
  readonly literal?: unknown;
  readonly requirement?: unknown;
}

/** What is generated for a schema instead of just any value of it, e.g. the ids of things that are there. */
export type Preferred = ReadonlyMap<unknown, fc.Arbitrary<unknown>>;

/**
 * Inputs that a schema takes. Where it is one of `preferred`, four of five values come from there.
 *
 * @throws TypeError for a kind of schema that is not known here
 */
export function arbitraryOf(schema: v.GenericSchema, preferred: Preferred): fc.Arbitrary<unknown> {
  // valibot's own types name these members for each kind of schema, not for any.
  return walk(schema as unknown as Node, preferred);
}

function walk(node: Node, preferred: Preferred): fc.Arbitrary<unknown> {
  const own = generated(node, preferred);
  const better = preferred.get(node);
  return better === undefined ? own : fc.oneof({ arbitrary: better, weight: 4 }, own);
}

function generated(node: Node, preferred: Preferred): fc.Arbitrary<unknown> {
  const inner = (part: Node | undefined) => walk(part ?? node, preferred);
  switch (node.type) {
    case 'string':
      return textOf(node);
    case 'number':
      return fc.integer({ min: limit(node, 'min_value', -1e9), max: limit(node, 'max_value', 1e9) });
    case 'boolean':
      return fc.boolean();
    case 'picklist':
      return fc.constantFrom(...(node.options ?? []));
    case 'literal':
      return fc.constant(node.literal);
    case 'array':
      // A long list is the business of tests of its limits: here it would only take time.
      return fc.array(inner(node.item), {
        minLength: Math.min(limit(node, 'min_length', 0), 4),
        maxLength: Math.min(limit(node, 'max_length', 4), 4),
      });
    case 'object':
    case 'strict_object':
      return recordOf(node, preferred);
    case 'record':
      return fc.dictionary(textOf(node.key ?? node), inner(node.value), {
        maxKeys: 4,
        noNullPrototype: true,
      });
    case 'optional':
    case 'exact_optional':
      return inner(node.wrapped);
    default:
      throw new TypeError(`There is no arbitrary for schemas of the type ${node.type}`);
  }
}

function recordOf({ entries = {} }: Node, preferred: Preferred): fc.Arbitrary<unknown> {
  const fields = Object.entries(entries);
  const arbitraries = Object.fromEntries(fields.map(([name, field]) => [name, walk(field, preferred)]));
  const requiredKeys = fields.filter(([, { type }]) => !type.endsWith('optional')).map(([name]) => name);
  return fc.record(arbitraries, { requiredKeys });
}

function textOf(node: Node): fc.Arbitrary<string> {
  const [minLength, maxLength] = [limit(node, 'min_length', 0), limit(node, 'max_length', 300)];
  if (metadataOf(node, 'format') !== undefined)
    return fc.stringMatching(/^[a-z0-9+_'&-]{1,20}(\.[a-z0-9]{1,9})?@[a-z0-9]{1,20}\.[a-z]{2,5}$/);
  if (action(node, 'uuid')) return fc.uuid();
  if (action(node, 'iso_timestamp'))
    return fc.date({ noInvalidDate: true, ...years }).map((at) => at.toISOString());
  const pattern = action(node, 'regex')?.requirement;
  // A class of Unicode properties only excludes: nearly every text passes.
  if (pattern instanceof RegExp && !pattern.unicode) return fc.stringMatching(pattern);
  const free = fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 300) });
  return pattern instanceof RegExp ? free.filter((text) => pattern.test(text)) : free;
}

const years = { min: new Date('2000-01-01T00:00:00Z'), max: new Date('2100-01-01T00:00:00Z') };

/** A pipe may begin with a schema that is one itself. */
const actionsOf = ({ pipe = [] }: Node): readonly Node[] =>
  pipe.flatMap((part) => [part, ...actionsOf(part)]);

const action = (node: Node, type: string) => actionsOf(node).find((part) => part.type === type);

/** What a schema says of itself under a name; only addresses name a format. */
const metadataOf = (node: Node, name: string) =>
  actionsOf(node).find(({ metadata }) => metadata?.[name] !== undefined)?.metadata?.[name];

function limit(node: Node, type: string, otherwise: number): number {
  const requirement = action(node, type)?.requirement;
  return typeof requirement === 'number' ? requirement : otherwise;
}
