import { currencyCodes } from '../../../shared/contracts/src/currency.ts';
import { type EventDefinition, eventName } from '../../../shared/contracts/src/index.ts';

/** The parts of a valibot schema or action that are read here. */
interface Described {
  readonly kind: string;
  readonly type: string;
  readonly pipe?: readonly Described[];
  readonly entries?: Entries;
  readonly item?: Described;
  readonly key?: Described;
  readonly value?: Described;
  readonly wrapped?: Described;
  readonly default?: unknown;
  readonly literal?: unknown;
  readonly options?: readonly unknown[];
  readonly requirement?: unknown;
}

type Entries = Readonly<Record<string, Described>>;

/**
 * The TypeScript of `shared/contracts/src/exact-checks.ts`: for each event, whether its schema accepts a value and would
 * return an equal one, with nothing to drop. Most events are so, and plain code finds that out in a fraction of the time
 * in which valibot interprets the schema and makes its copy. What is wrong with an event only its schema says.
 *
 * ajv would generate code from the JSON Schemas. It takes twice as long as ours, and counts the length of a text in other
 * units than valibot.
 *
 * @throws TypeError when a schema uses something that has no translation here
 */
export function exactChecksOf(definitions: readonly EventDefinition[]): string {
  const source = new Source();
  for (const { topic, type, schema } of definitions) {
    const { data, ...envelope } = entriesOf(schema) ?? {};
    if (data === undefined) throw new TypeError(`${type} has no data`);
    const isEnvelope = source.objectCheck('envelope', { ...envelope, type: anyText, data: anything });
    const name = checkNameOf(type);
    const dataName = `${name.slice(2)}Data`;
    const fields = entriesOf(data);
    const common = commonEntries(definitions.filter((each) => each.topic === topic));
    const isData = fields
      ? `${source.objectCheck(dataName, fields, { name: topic, entries: common })}(event.data)`
      : source.check(dataName, data, 'event.data');
    source.add(`export const ${name} = (event: unknown): boolean =>
  ${isEnvelope}(event) && event.type === '${type}' && ${isData};`);
  }
  return source.text;
}

/** Of an object without actions of its own. */
function entriesOf(schema: object): Entries | undefined {
  const { entries, pipe }: Partial<Described> = schema;
  return pipe === undefined ? entries : undefined;
}

/** The fields that the data of all these events have, by the very same schema. */
function commonEntries(definitions: readonly EventDefinition[]): Entries {
  const [first = {}, ...others] = definitions.map(
    ({ schema }) => entriesOf(entriesOf(schema)?.data ?? {}) ?? {},
  );
  const isCommon = ([key, entry]: [string, Described]) => others.every((other) => same(other[key], entry));
  return others.length === 0 ? {} : Object.fromEntries(Object.entries(first).filter(isCommon));
}

/** Each event wraps the schema of an optional field anew. */
const same = (one: Described | undefined, other: Described): boolean =>
  one === other || (one?.wrapped !== undefined && one.type === other.type && one.wrapped === other.wrapped);

/** @returns the name of an event's check: `isOrderPlacedV1` for `orderly.order.placed.v1` */
export const checkNameOf = (type: string): string =>
  `is${eventName(type)}${type.slice(type.lastIndexOf('.') + 1).toUpperCase()}`;

const head = `import { currencyCodes } from './currency.ts';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null;

const isText = (value: unknown, min: number, max: number): value is string =>
  typeof value === 'string' && value.length >= min && value.length <= max;

const matches = (value: unknown, pattern: RegExp): value is string =>
  typeof value === 'string' && pattern.test(value);

const isInteger = (value: unknown, min: number, max: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;

/** How many fields an optional one adds. */
const one = (field: unknown): number => (field === undefined ? 0 : 1);

/** valibot drops these names from a record. */
const leftOut = /^(?:__proto__|prototype|constructor)$/;
`;

const anyText: Described = { kind: 'schema', type: 'string' };
const anything: Described = { kind: 'schema', type: 'unknown' };

/** Patterns and functions, each written once. */
class Source {
  /** By what they are, their names. */
  readonly #names = new Map<string, string>();
  text = head;

  add(declaration: string): void {
    this.text += `\n${declaration}\n`;
  }

  /** @returns an expression that checks the expression `value` */
  check(name: string, described: Described, value: string): string {
    const [schema = described, ...actions] = itemsOf(described).filter(matters);
    const { type, literal, options, item, key, value: content, entries } = schema;
    if (type === 'string' || type === 'number') return this.#plainCheck(name, type, actions, value);
    if (item) return `${this.#arrayCheck(name, item, limitsOf(actions, 'value.length'))}(${value})`;
    if (key && content) {
      return `${this.#recordCheck(name, key, content, limitsOf(actions, 'keys.length'))}(${value})`;
    }
    if (actions.length > 0) throw new TypeError(`No code for ${actions[0]?.type} of ${type} ${name}`);
    if (entries) return `${this.objectCheck(name, entries)}(${value})`;
    if (type === 'picklist' && options) return this.#optionCheck(options, value);
    if (type === 'literal') return `${value} === ${JSON.stringify(literal)}`;
    if (type === 'boolean') return `typeof ${value} === 'boolean'`;
    if (type === 'unknown') return `${value} !== undefined`;
    throw new TypeError(`No code for the ${type} ${name}`);
  }

  /**
   * @param common fields that have a function of their own, as other objects have them, too
   * @returns the name of a function that checks an object's fields, and that it has no other
   */
  objectCheck(
    name: string,
    entries: Entries,
    common?: { readonly name: string; readonly entries: Entries },
  ): string {
    const shared = Object.keys(common?.entries ?? {});
    const own = Object.entries(entries).filter(([key]) => !shared.includes(key));
    const first = common && shared.length > 0 ? this.#fieldsCheck(common.name, common.entries) : 'isObject';
    const optional = Object.keys(entries).filter((key) => entries[key]?.type === 'exact_optional');
    const required = Object.keys(entries).length - optional.length;
    const count = [required, ...optional.map((key) => `one(value.${key})`)].join(' + ');
    const conditions = [`${first}(value)`, ...this.#fields(own), `Object.keys(value).length === ${count}`];
    return this.#function(name, 'value is Fields', allOf(conditions));
  }

  #fieldsCheck(name: string, entries: Entries): string {
    const conditions = ['isObject(value)', ...this.#fields(Object.entries(entries))];
    return this.#function(`${name.replaceAll('-', '')}Fields`, 'value is Fields', allOf(conditions));
  }

  #fields(entries: readonly (readonly [key: string, entry: Described])[]): readonly string[] {
    return entries.map(([key, entry]) => {
      const value = `value.${key}`;
      if (entry.wrapped === undefined) return this.check(key, entry, value);
      if (entry.type !== 'exact_optional' || entry.default !== undefined) {
        throw new TypeError(`No code for the ${entry.type} field ${key}`);
      }
      return `(${value} === undefined || ${this.check(key, entry.wrapped, value)})`;
    });
  }

  #arrayCheck(name: string, item: Described, limits: readonly string[]): string {
    const conditions = ['Array.isArray(value)', ...limits].join(' && ');
    const check = this.check(`${name}Item`, item, 'item');
    const body = `  if (!(${conditions})) return false;
  for (const item of value) if (!(${check})) return false;
  return true;`;
    return this.#function(name, 'boolean', body);
  }

  #recordCheck(name: string, key: Described, content: Described, limits: readonly string[]): string {
    const conditions = ['!leftOut.test(key)', this.check(`${name}Key`, key, 'key')];
    const body = `  if (!isObject(value) || Array.isArray(value)) return false;
  const keys = Object.keys(value);
  for (const key of keys) {
    const content = value[key];
    if (!(${[...conditions, this.check(`${name}Content`, content, 'content')].join(' && ')})) return false;
  }
  return ${limits.length === 0 ? 'true' : limits.join(' && ')};`;
    return this.#function(name, 'boolean', body);
  }

  #plainCheck(name: string, type: 'string' | 'number', actions: readonly Described[], value: string): string {
    const patterns = actions.map(({ requirement }) => requirement).filter((each) => each instanceof RegExp);
    const limits = actions.filter(({ requirement }) => !(requirement instanceof RegExp));
    const names = patterns.map((pattern) => this.#pattern(name, pattern));
    if (type === 'number') return numberCheck(limits, value);
    const [first, ...others] = names;
    const tests = (some: readonly string[]) => some.map((pattern) => `${pattern}.test(${value})`);
    if (limits.length > 0) {
      const { min = 0, max = 'Infinity' } = rangeOf(limits);
      return [`isText(${value}, ${min}, ${max})`, ...tests(names)].join(' && ');
    }
    if (first === undefined) return `typeof ${value} === 'string'`;
    return [`matches(${value}, ${first})`, ...tests(others)].join(' && ');
  }

  #optionCheck(options: readonly unknown[], value: string): string {
    if (options === currencyCodes) {
      const codes = this.#constant('currencies', '/* @__PURE__ */ new Set<unknown>(currencyCodes)');
      return `${codes}.has(${value})`;
    }
    return `(${options.map((option) => `${value} === ${JSON.stringify(option)}`).join(' || ')})`;
  }

  #pattern(name: string, { source, flags }: RegExp): string {
    return this.#constant(`${name}Pattern`, `/${unrolled(source)}/${flags}`);
  }

  #constant(name: string, value: string): string {
    return this.#named(value, name, (free) => `const ${free} = ${value};`);
  }

  #function(name: string, returns: string, body: string): string {
    const wanted = `is${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    return this.#named(body, wanted, (free) => `function ${free}(value: unknown): ${returns} {\n${body}\n}`);
  }

  #named(what: string, wanted: string, declare: (name: string) => string): string {
    const known = this.#names.get(what);
    if (known !== undefined) return known;
    const taken = new Set(this.#names.values());
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}${number}`;
    this.#names.set(what, name);
    this.add(declare(name));
    return name;
  }
}

/** A schema without its pipe, then the actions of the pipe. A pipe may begin with another pipe. */
function itemsOf(described: Described): readonly Described[] {
  const [first, ...others] = described.pipe ?? [];
  return first === undefined ? [described] : [...itemsOf(first), ...others];
}

const matters = ({ kind, type }: Described) => kind !== 'metadata' && type !== 'brand';

const allOf = (conditions: readonly string[]): string =>
  `  return (\n    ${conditions.join(' &&\n    ')}\n  );`;

/** valibot takes no NaN for a number. */
function numberCheck(actions: readonly Described[], value: string): string {
  const limits = actions.filter(({ type }) => type !== 'integer');
  if (limits.length < actions.length) {
    const { min = '-Infinity', max = 'Infinity' } = rangeOf(limits);
    return `isInteger(${value}, ${min}, ${max})`;
  }
  return [`typeof ${value} === 'number' && !Number.isNaN(${value})`, ...limitsOf(limits, value)].join(' && ');
}

/** The narrowest of some limits. */
function rangeOf(actions: readonly Described[]): { readonly min?: number; readonly max?: number } {
  const limits = actions.map(limitOf);
  const values = (kind: 'min' | 'max') =>
    limits.filter((limit) => limit.kind === kind).map(({ value }) => value);
  const [mins, maxs] = [values('min'), values('max')];
  return {
    ...(mins.length > 0 && { min: Math.max(...mins) }),
    ...(maxs.length > 0 && { max: Math.min(...maxs) }),
  };
}

function limitOf({ type, requirement }: Described) {
  const [, kind] = /^(min|max)_(?:length|value|entries)$/.exec(type) ?? [];
  if (kind === undefined || typeof requirement !== 'number') throw new TypeError(`No code for ${type}`);
  return { kind, value: requirement };
}

/** @returns conditions of a number or a length, `size` */
function limitsOf(actions: readonly Described[], size: string): readonly string[] {
  return actions.map(limitOf).map(({ kind, value }) => `${size} ${kind === 'min' ? '>=' : '<='} ${value}`);
}

/** Writes `[0-9a-f]{4}` out as four classes: V8 counts repetitions at run time, which takes three times as long. */
function unrolled(pattern: string): string {
  return pattern.replace(/(\[(?:[^\\\]]|\\.)+\])\{(\d+)\}(?!\?)/g, (_, characters: string, times: string) =>
    characters.repeat(Number(times)),
  );
}
