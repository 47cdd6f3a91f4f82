import { invalidParameter, serializationException, validationException } from './errors.ts';
import { MAX_NESTING } from './limits.ts';
import { canonicalNumber, compareNumbers, numberSortText } from './number.ts';
import { asObject, flag, text } from './request.ts';

export type SetType = 'SS' | 'NS' | 'BS';
export type KeyType = 'S' | 'N' | 'B';
export type AttributeType = KeyType | SetType | 'BOOL' | 'NULL' | 'L' | 'M';

/** A value as it travels and as it is kept: numbers canonical, binary in base64. Never changed once made. */
export type AttributeValue =
  | { readonly S: string }
  | { readonly N: string }
  | { readonly B: string }
  | { readonly BOOL: boolean }
  | { readonly NULL: true }
  | { readonly SS: readonly string[] }
  | { readonly NS: readonly string[] }
  | { readonly BS: readonly string[] }
  | { readonly L: readonly AttributeValue[] }
  | { readonly M: AttributeMap };

export type AttributeMap = Readonly<Record<string, AttributeValue>>;

const TYPES: ReadonlySet<string> = new Set<AttributeType>([
  'S',
  'N',
  'B',
  'BOOL',
  'NULL',
  'SS',
  'NS',
  'BS',
  'L',
  'M',
]);

const isAttributeType = (name: string | undefined): name is AttributeType =>
  name !== undefined && TYPES.has(name);

export const typeOf = (value: AttributeValue): AttributeType => {
  for (const type in value) if (isAttributeType(type)) return type;
  throw new Error('An attribute value without a type');
};

/** An attribute by its name, whatever JavaScript's objects inherit under that name. */
export const getAttribute = (map: AttributeMap, name: string): AttributeValue | undefined =>
  Object.hasOwn(map, name) ? map[name] : undefined;

/** Sets an attribute of a map that is being built. */
export const setAttribute = (
  map: Record<string, AttributeValue>,
  name: string,
  value: AttributeValue,
): void => {
  if (name !== '__proto__') map[name] = value;
  else Object.defineProperty(map, name, { value, enumerable: true, configurable: true, writable: true });
};

export const elementsOf = (value: AttributeValue): readonly string[] | undefined => {
  if ('SS' in value) return value.SS;
  if ('NS' in value) return value.NS;
  return 'BS' in value ? value.BS : undefined;
};

/** Makes a set value, or undefined for no elements: DynamoDB has no empty sets. */
export const makeSet = (type: SetType, elements: readonly string[]): AttributeValue | undefined => {
  if (elements.length === 0) return undefined;
  if (type === 'SS') return { SS: elements };
  return type === 'NS' ? { NS: elements } : { BS: elements };
};

const asBinary = (value: unknown): string => {
  if (typeof value !== 'string')
    throw serializationException('only base-64-encoded strings are convertible to bytes');
  if (Buffer.from(value, 'base64').toString('base64') !== value)
    throw serializationException('Invalid last non-pad Base64 character dectected');
  return value;
};

const asList = (value: unknown): readonly unknown[] => {
  if (Array.isArray(value)) return value;
  throw serializationException('Unexpected field type');
};

const EMPTY_SET: Readonly<Record<SetType, string>> = {
  SS: 'An string set  may not be empty',
  NS: 'An number set  may not be empty',
  BS: 'Binary sets should not be empty',
};

const parseSet = (type: SetType, value: unknown): readonly string[] => {
  const given = asList(value);
  if (given.length === 0) throw invalidParameter(EMPTY_SET[type]);
  const read = type === 'BS' ? asBinary : text;
  const elements = given.map((each) => (type === 'NS' ? canonicalNumber(read(each)) : read(each)));
  if (new Set(elements).size === elements.length) return elements;
  if (type === 'NS') throw validationException('Input collection contains duplicates');
  const of = type === 'BS' ? 'of type BS ' : ' ';
  throw invalidParameter(`Input collection [${elements.join(', ')}]${of}contains duplicates.`);
};

const parseNull = (value: unknown): true => {
  if (flag(value)) return true;
  throw invalidParameter('Null attribute value types must have the value of true');
};

const onlyType = (value: Readonly<Record<string, unknown>>): AttributeType => {
  const types = Object.keys(value).filter((type) => value[type] !== null && value[type] !== undefined);
  const [type] = types;
  if (!isAttributeType(type))
    throw validationException(
      'Supplied AttributeValue is empty, must contain exactly one of the supported datatypes',
    );
  if (types.length > 1)
    throw validationException(
      'Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes',
    );
  return type;
};

/**
 * Reads a value of a request.
 * @param depth how many lists and maps are around it
 * @throws AwsError ValidationException or SerializationException as AWS answers it
 */
export const parseAttributeValue = (given: unknown, depth = 0): AttributeValue => {
  const value = asObject(given);
  const type = onlyType(value);
  if (depth > MAX_NESTING) throw validationException('Nesting Levels have exceeded supported limits');
  switch (type) {
    case 'S':
      return { S: text(value.S) };
    case 'N':
      return { N: canonicalNumber(text(value.N)) };
    case 'B':
      return { B: asBinary(value.B) };
    case 'BOOL':
      return { BOOL: flag(value.BOOL) };
    case 'NULL':
      return { NULL: parseNull(value.NULL) };
    case 'SS':
      return { SS: parseSet(type, value.SS) };
    case 'NS':
      return { NS: parseSet(type, value.NS) };
    case 'BS':
      return { BS: parseSet(type, value.BS) };
    case 'L':
      return { L: asList(value.L).map((each) => parseAttributeValue(each, depth + 1)) };
    case 'M':
      return { M: parseAttributeMap(value.M, depth + 1) };
  }
};

/** Reads an item, a key or a map of a request. */
export const parseAttributeMap = (given: unknown, depth = 0): AttributeMap => {
  const value = asObject(given);
  const map: Record<string, AttributeValue> = {};
  for (const name of Object.keys(value)) setAttribute(map, name, parseAttributeValue(value[name], depth));
  return map;
};

const equalSets = (a: readonly string[], b: readonly string[]): boolean => {
  if (a.length !== b.length) return false;
  const present = new Set(b);
  return a.every((each) => present.has(each));
};

const equalLists = (a: readonly AttributeValue[], b: readonly AttributeValue[]): boolean =>
  a.length === b.length &&
  a.every((each, index) => {
    const other = b[index];
    return other !== undefined && equalValues(each, other);
  });

/** Whether two maps have the same attributes. */
export const equalMaps = (a: AttributeMap, b: AttributeMap): boolean => {
  if (a === b) return true;
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => {
    const [value, other] = [a[name], getAttribute(b, name)];
    return value !== undefined && other !== undefined && equalValues(value, other);
  });
};

/** Whether two values have the same type and content; sets have no order. */
export const equalValues = (a: AttributeValue, b: AttributeValue): boolean => {
  if (a === b) return true;
  if ('S' in a) return 'S' in b && a.S === b.S;
  if ('N' in a) return 'N' in b && a.N === b.N;
  if ('M' in a) return 'M' in b && equalMaps(a.M, b.M);
  if ('L' in a) return 'L' in b && equalLists(a.L, b.L);
  if ('BOOL' in a) return 'BOOL' in b && a.BOOL === b.BOOL;
  if ('NULL' in a) return 'NULL' in b;
  if ('B' in a) return 'B' in b && a.B === b.B;
  if ('SS' in a) return 'SS' in b && equalSets(a.SS, b.SS);
  if ('NS' in a) return 'NS' in b && equalSets(a.NS, b.NS);
  return 'BS' in b && equalSets(a.BS, b.BS);
};

const compareTexts = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * UTF-16 orders characters beyond U+FFFF before U+E000; UTF-8 does not. Exchanging the two ranges of code units makes
 * the order of code units the order of bytes in UTF-8, by which DynamoDB sorts.
 */
const utf8Order = (text: string): string =>
  /[\ud800-\uffff]/.test(text)
    ? text.replace(/[\ud800-\uffff]/g, (unit) => {
        const code = unit.charCodeAt(0);
        return String.fromCharCode(code >= 0xe000 ? code - 0x800 : code + 0x2000);
      })
    : text;

export const bytesOf = (base64: string): Buffer => Buffer.from(base64, 'base64');

/** A text for a key: texts are ordered, by code units, as DynamoDB orders values of one type. */
export const sortText = (value: AttributeValue): string => {
  if ('S' in value) return utf8Order(value.S);
  if ('N' in value) return numberSortText(value.N);
  if ('B' in value) return bytesOf(value.B).toString('latin1');
  throw new Error(`No key has the type ${typeOf(value)}`);
};

/** Compares two values; undefined when they have no order among them. */
export const compareValues = (a: AttributeValue, b: AttributeValue): number | undefined => {
  if ('N' in a) return 'N' in b ? compareNumbers(a.N, b.N) : undefined;
  if ('S' in a) return 'S' in b ? compareTexts(utf8Order(a.S), utf8Order(b.S)) : undefined;
  if ('B' in a) return 'B' in b ? Buffer.compare(bytesOf(a.B), bytesOf(b.B)) : undefined;
  return undefined;
};
