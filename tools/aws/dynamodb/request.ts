import { serializationException, validationException } from './errors.ts';

/**
 * Readers of requests. Every member of a request is read or refused by name: what is unknown or not implemented is
 * never ignored.
 */
export type Reader<T> = (value: unknown, path: string) => T;

interface Member<T> {
  readonly read: Reader<T>;
}

type Shape = Readonly<Record<string, Member<unknown>>>;

type Structure<S extends Shape> = { readonly [K in keyof S]: S[K] extends Member<infer T> ? T : never };

const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

/** The error of AWS's own validation of requests. */
export const constraintViolation = (value: string, path: string, constraint: string) =>
  validationException(
    `1 validation error detected: Value ${value} at '${path}' failed to satisfy constraint: ${constraint}`,
  );

export const required = <T>(reader: Reader<T>): Member<T> => ({
  read: (value, path) => {
    if (isAbsent(value)) throw constraintViolation('null', path, 'Member must not be null');
    return reader(value, path);
  },
});

export const optional = <T>(reader: Reader<T>): Member<T | undefined> => ({
  read: (value, path) => (isAbsent(value) ? undefined : reader(value, path)),
});

export const asObject = (value: unknown): Readonly<Record<string, unknown>> => {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, unknown>>;
  throw serializationException('Unexpected field type');
};

/** For what is read later. */
export const anything = (value: unknown): unknown => value;

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** @param name of the operation or structure, for messages */
export const structure = <S extends Shape>(name: string, shape: S): Reader<Structure<S>> => {
  const members = Object.entries(shape).map(([key, member]) => [key, lowerFirst(key), member] as const);
  return (given, path) => {
    const value = asObject(given);
    for (const key of Object.keys(value))
      if (!Object.hasOwn(shape, key) && !isAbsent(value[key]))
        throw validationException(`The parameter ${key} of ${name} is not implemented by this DynamoDB`);
    const read: Record<string, unknown> = {};
    for (const [key, lower, member] of members)
      read[key] = member.read(value[key], path === '' ? lower : `${path}.${lower}`);
    return read as Structure<S>;
  };
};

export const text = (value: unknown): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'boolean')
    throw serializationException(`${value ? 'TRUE' : 'FALSE'}_VALUE cannot be converted to String`);
  if (typeof value === 'number') throw serializationException('NUMBER_VALUE cannot be converted to String');
  throw serializationException('Start of structure or map found where not expected');
};

export const flag = (value: unknown): boolean => {
  if (typeof value === 'boolean') return value;
  throw serializationException('Unexpected token received from parser');
};

/** An integer from `least` to `most`. */
export const integer =
  (least: number, most = Number.MAX_SAFE_INTEGER): Reader<number> =>
  (value, path) => {
    if (typeof value === 'string')
      throw serializationException('STRING_VALUE cannot be converted to Integer');
    if (typeof value !== 'number')
      throw serializationException('Start of structure or map found where not expected');
    const whole = Math.floor(value);
    const violation = (constraint: string) => constraintViolation(`'${whole}'`, path, constraint);
    if (whole < least) throw violation(`Member must have value greater than or equal to ${least}`);
    if (whole > most) throw violation(`Member must have value less than or equal to ${most}`);
    return whole;
  };

export const oneOf =
  <T extends string>(...values: readonly T[]): Reader<T> =>
  (value, path) => {
    const found = values.find((each) => each === value);
    if (found !== undefined) return found;
    throw constraintViolation(
      `'${text(value)}'`,
      path,
      `Member must satisfy enum value set: [${values.join(', ')}]`,
    );
  };

/** Text of `least` to `most` characters. */
export const boundedText =
  (least: number, most: number, pattern?: RegExp): Reader<string> =>
  (value, path) => {
    const given = text(value);
    const violation = (constraint: string) => constraintViolation(`'${given}'`, path, constraint);
    if (given.length < least) throw violation(`Member must have length greater than or equal to ${least}`);
    if (given.length > most) throw violation(`Member must have length less than or equal to ${most}`);
    if (pattern && !pattern.test(given))
      throw violation(
        `Member must satisfy regular expression pattern: ${pattern.source.replace(/^\^|\$$/g, '')}`,
      );
    return given;
  };

export const list =
  <T>(reader: Reader<T>, least = 0, most = Number.MAX_SAFE_INTEGER): Reader<readonly T[]> =>
  (value, path) => {
    if (!Array.isArray(value)) throw serializationException('Unexpected field type');
    const lengthError = (constraint: string) =>
      constraintViolation(
        `'[${value.length === 0 ? '' : '...'}]'`,
        path,
        `Member must have length ${constraint}`,
      );
    if (value.length < least) throw lengthError(`greater than or equal to ${least}`);
    if (value.length > most) throw lengthError(`less than or equal to ${most}`);
    return value.map((each: unknown, index) => {
      const at = `${path}.${index + 1}.member`;
      if (isAbsent(each)) throw constraintViolation('null', at, 'Member must not be null');
      return reader(each, at);
    });
  };

export const record =
  <T>(reader: Reader<T>): Reader<ReadonlyMap<string, T>> =>
  (given, path) => {
    const value = asObject(given);
    return new Map(Object.keys(value).map((key) => [key, reader(value[key], `${path}.${key}.member`)]));
  };

/** A name of a table or an index. */
export const resourceName = boundedText(3, 255, /^[a-zA-Z0-9_.-]+$/);

const TABLE_ARN = /^arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table\/([a-zA-Z0-9_.-]{3,255})$/;

/** A table's name, also given as its ARN. */
export const tableName: Reader<string> = (value, path) => {
  const given = text(value);
  return TABLE_ARN.exec(given)?.[1] ?? resourceName(given, path);
};
