import { AwsError } from '../../protocol/error.ts';
import { type AttributeValue, parseAttributeValue } from '../attribute-value.ts';
import { validationException } from '../errors.ts';
import { valueBytes } from '../item-size.ts';
import { MAX_NAME_BYTES, MAX_SUBSTITUTION_BYTES } from '../limits.ts';
import { asObject, text } from '../request.ts';
import { type ExpressionKind, expressionError } from './expression-error.ts';
import type { DocumentPath, PathTemplate } from './path.ts';

const NAME_KEY = /^#[0-9a-zA-Z_]+$/;
const VALUE_KEY = /^:[0-9a-zA-Z_]+$/;

const entriesOf = (
  given: unknown,
  what: string,
  pattern: RegExp,
): readonly (readonly [string, unknown])[] => {
  if (given === undefined || given === null) return [];
  const entries = Object.entries(asObject(given));
  if (entries.length === 0) throw validationException(`${what} must not be empty`);
  const bad = entries.find(([key]) => !pattern.test(key) || key.length > MAX_NAME_BYTES);
  if (bad) throw validationException(`${what} contains invalid key: Syntax error; key: "${bad[0]}"`);
  return entries;
};

const parseName = (key: string, value: unknown): string => {
  const name = text(value);
  if (name === '')
    throw validationException(
      `ExpressionAttributeNames contains invalid value: Empty attribute name; key: ${key}`,
    );
  return name;
};

const parseValue = (key: string, value: unknown): AttributeValue => {
  try {
    return parseAttributeValue(value);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== 'ValidationException') throw error;
    throw validationException(
      `ExpressionAttributeValues contains invalid value: ${error.message} for key ${key}`,
    );
  }
};

/** What the names and values of a request's expressions stand for, and which of them were used. */
export class Bindings {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, AttributeValue>;
  readonly #used = new Set<string>();

  /**
   * @param names the request's ExpressionAttributeNames
   * @param values the request's ExpressionAttributeValues
   */
  constructor(names: unknown, values: unknown) {
    this.#names = new Map(
      entriesOf(names, 'ExpressionAttributeNames', NAME_KEY).map(([key, value]) => [
        key,
        parseName(key, value),
      ]),
    );
    this.#values = new Map(
      entriesOf(values, 'ExpressionAttributeValues', VALUE_KEY).map(([key, value]) => [
        key,
        parseValue(key, value),
      ]),
    );
    this.#checkSize();
  }

  #checkSize(): void {
    let bytes = 0;
    for (const [key, name] of this.#names) bytes += key.length + name.length;
    for (const [key, value] of this.#values) bytes += key.length + valueBytes(value);
    if (bytes > MAX_SUBSTITUTION_BYTES)
      throw validationException(
        `ExpressionAttributeNames and ExpressionAttributeValues exceed the maximum size of ${MAX_SUBSTITUTION_BYTES} bytes`,
      );
  }

  path(template: PathTemplate, kind: ExpressionKind): DocumentPath {
    const [attribute = '', ...rest] = template.map((part) =>
      typeof part === 'string' && part.startsWith('#') ? this.#name(part, kind) : part,
    );
    return [String(attribute), ...rest];
  }

  #name(key: string, kind: ExpressionKind): string {
    const name = this.#names.get(key);
    if (name === undefined)
      throw expressionError(
        kind,
        `An expression attribute name used in the document path is not defined; attribute name: ${key}`,
      );
    this.#used.add(key);
    return name;
  }

  value(key: string, kind: ExpressionKind): AttributeValue {
    const value = this.#values.get(key);
    if (value === undefined)
      throw expressionError(
        kind,
        `An expression attribute value used in expression is not defined; attribute value: ${key}`,
      );
    this.#used.add(key);
    return value;
  }

  /** @throws AwsError ValidationException when the request defines a name or a value that no expression uses */
  assertAllUsed(): void {
    for (const [what, defined] of [
      ['Names', this.#names],
      ['Values', this.#values],
    ] as const) {
      const unused = [...defined.keys()].filter((key) => !this.#used.has(key));
      if (unused.length > 0)
        throw validationException(
          `Value provided in ExpressionAttribute${what} unused in expressions: keys: {${unused.join(', ')}}`,
        );
    }
  }
}
