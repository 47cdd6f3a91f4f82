import { invalidArgument, notImplemented } from './status.ts';

/** A request or a part of one, named as in protobuf's JSON. */
export type Fields = Readonly<Record<string, unknown>>;

/** What a sender leaves out, protobuf cannot tell from what it sends as empty. */
const isEmpty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  value === false ||
  value === 0 ||
  value === '' ||
  (Array.isArray(value) && value.length === 0);

/** @throws PubSubError UNIMPLEMENTED that names the first field that is set and not implemented */
export const refuseUnknown = (what: string, fields: Fields, known: readonly string[]): void => {
  const unknown = Object.entries(fields).find(([name, value]) => !known.includes(name) && !isEmpty(value));
  if (unknown) throw notImplemented(`${what}.${unknown[0]}`);
};

/** A part of a request; undefined where it is left out. */
export const part = (fields: Fields, name: string): Fields | undefined => {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'object' && !Array.isArray(value)) return value as Fields;
  throw invalidArgument(`${name} is not an object.`);
};

export const list = (fields: Fields, name: string): readonly unknown[] => {
  const value = fields[name] ?? [];
  if (!Array.isArray(value)) throw invalidArgument(`${name} is not a list.`);
  return value;
};

export const text = (fields: Fields, name: string): string => {
  const value = fields[name] ?? '';
  if (typeof value !== 'string') throw invalidArgument(`${name} is not a string.`);
  return value;
};

export const flag = (fields: Fields, name: string): boolean => {
  const value = fields[name] ?? false;
  if (typeof value !== 'boolean') throw invalidArgument(`${name} is neither true nor false.`);
  return value;
};

/** @returns 0 where it is left out */
export const integer = (fields: Fields, name: string): number => {
  const value = fields[name] ?? 0;
  if (!Number.isSafeInteger(value)) throw invalidArgument(`${name} is not an integer.`);
  return value as number;
};

/** A map of texts. */
export const texts = (fields: Fields, name: string): Readonly<Record<string, string>> => {
  const map = part(fields, name) ?? {};
  const wrong = Object.entries(map).find(([, value]) => typeof value !== 'string');
  if (wrong) throw invalidArgument(`${name}.${wrong[0]} is not a string.`);
  return { ...map } as Record<string, string>;
};

/** A list of texts that must not be empty. */
export const requiredTexts = (fields: Fields, name: string): readonly string[] => {
  const values = list(fields, name);
  if (values.length === 0) throw invalidArgument(`${name} must not be empty.`);
  if (!values.every((value) => typeof value === 'string' && value !== ''))
    throw invalidArgument(`${name} holds something that is not a text.`);
  return values as readonly string[];
};

/** Bytes as they are, or from base64 as in JSON. */
export const bytes = (fields: Fields, name: string): Buffer => {
  const value = fields[name] ?? '';
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (typeof value === 'string' && /^[\w+/-]*={0,2}$/.test(value)) return Buffer.from(value, 'base64');
  throw invalidArgument(`${name} is not base64.`);
};

/**
 * A duration in seconds.
 * Source: https://protobuf.dev/reference/protobuf/google.protobuf/#duration
 */
export const seconds = (
  fields: Fields,
  name: string,
  { minimum, maximum }: { readonly minimum: number; readonly maximum: number },
): number | undefined => {
  const value = fields[name];
  if (value === undefined || value === null) return undefined;
  const [, digits] = /^(\d+(?:\.\d{1,9})?)s$/.exec(String(value)) ?? [];
  const found = Number(digits);
  if (digits === undefined || found < minimum || found > maximum)
    throw invalidArgument(
      `${name} must be between ${minimum} and ${maximum} seconds, such as "${minimum}s".`,
    );
  return found;
};
