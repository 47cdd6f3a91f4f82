import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { invalidValue, missingParameter, notImplemented } from './errors.ts';

const wrongType = (name: string, wanted: string): AwsError =>
  new AwsError('SerializationException', `${name} must be ${wanted}.`);

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Refuses by name what an operation does not take. */
export const refuseUnknown = (owner: string, input: JsonObject, known: readonly string[]): void => {
  const unknown = Object.keys(input).find((name) => !known.includes(name) && input[name] !== undefined);
  if (unknown !== undefined) throw notImplemented(`the parameter ${unknown} of ${owner}`);
};

const present = (value: unknown): boolean => value !== undefined && value !== null;

export const optionalString = (input: JsonObject, name: string): string | undefined => {
  const value = input[name];
  if (!present(value)) return undefined;
  if (typeof value !== 'string') throw wrongType(name, 'a string');
  return value;
};

export const requiredString = (input: JsonObject, name: string): string => {
  const value = optionalString(input, name);
  if (value === undefined) throw missingParameter(name);
  return value;
};

export interface Range {
  readonly minimum: number;
  readonly maximum: number;
}

export const optionalInteger = (
  input: JsonObject,
  name: string,
  { minimum, maximum }: Range,
  reason = `Must be between ${minimum} and ${maximum}, if provided.`,
): number | undefined => {
  const value = input[name];
  if (!present(value)) return undefined;
  if (typeof value !== 'number' || !Number.isInteger(value)) throw wrongType(name, 'an integer');
  if (value < minimum || value > maximum) throw invalidValue(value, name, reason);
  return value;
};

export const requiredInteger = (input: JsonObject, name: string, range: Range, reason?: string): number => {
  const value = optionalInteger(input, name, range, reason);
  if (value === undefined) throw missingParameter(name);
  return value;
};

const isString = (value: unknown): value is string => typeof value === 'string';

/** Reads a list whose elements are all of one kind; empty when it is absent. */
const list =
  <T>(is: (value: unknown) => value is T, kind: string) =>
  (input: JsonObject, name: string): readonly T[] => {
    const value = input[name];
    if (!present(value)) return [];
    if (!Array.isArray(value)) throw wrongType(name, 'a list');
    return value.map((each: unknown) => {
      if (!is(each)) throw wrongType(name, `a list of ${kind}s`);
      return each;
    });
  };

/** Reads a map whose values are all of one kind; empty when it is absent. */
const map =
  <T>(is: (value: unknown) => value is T, kind: string) =>
  (input: JsonObject, name: string): ReadonlyMap<string, T> => {
    const value = input[name];
    if (!present(value)) return new Map();
    if (!isObject(value)) throw wrongType(name, 'a map');
    return new Map(
      Object.entries(value).map(([key, each]) => {
        if (!is(each)) throw wrongType(`${name}.${key}`, `a${kind === 'object' ? 'n' : ''} ${kind}`);
        return [key, each];
      }),
    );
  };

export const strings = list(isString, 'string');
export const objects = list(isObject, 'object');
export const stringMap = map(isString, 'string');
export const objectMap = map(isObject, 'object');

/** Alphanumeric characters and punctuation. */
const IDENTIFIER = /^[\x21-\x7e]{1,128}$/;

/** A message group id, a deduplication id or an attempt id. */
export const optionalIdentifier = (input: JsonObject, name: string): string | undefined => {
  const value = optionalString(input, name);
  if (value === undefined || IDENTIFIER.test(value)) return value;
  const reason = `${name} can only include alphanumeric and punctuation characters. 1 to 128 in length.`;
  throw invalidValue(value, name, reason);
};

/**
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
 */
const FORBIDDEN_CHARACTER = /[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/u;

export const checkCharacters = (text: string, what: string): void => {
  if (!FORBIDDEN_CHARACTER.test(text)) return;
  throw new AwsError(
    'InvalidMessageContents',
    `Invalid characters found in ${what}. Valid unicode characters are: #x9 | #xA | #xD | #x20 to #xD7FF | #xE000 to #xFFFD | #x10000 to #x10FFFF`,
  );
};

export const parseJsonObject = (text: string): JsonObject | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
};
