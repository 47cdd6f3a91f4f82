/**
 * Items as PostgreSQL's type jsonb takes them. Unlike DynamoDB, it has no U+0000 in its texts. So U+0000 is stored as
 * U+0001 U+0001, and U+0001 as U+0001 U+0002, which keeps the order of texts.
 * https://www.postgresql.org/docs/17/datatype-json.html
 */

/** @returns a text as it is stored */
export const toStored = (text: string): string =>
  text
    .replace(/\p{Surrogate}/gu, '\ufffd')
    .replaceAll('\u0001', '\u0001\u0002')
    .replaceAll('\0', '\u0001\u0001');

/** @returns the text that was stored */
export const fromStored = (stored: string): string =>
  stored.replaceAll('\u0001\u0001', '\0').replaceAll('\u0001\u0002', '\u0001');

/**
 * Members that are undefined are left out, and so are such elements of arrays, as with DynamoDB's SDK. Half of a surrogate
 * pair becomes U+FFFD, as UTF-8 has none.
 *
 * @throws TypeError for a value that JSON would change without a word
 */
export const toJson = (item: object): string =>
  JSON.stringify(item, checked).replaceAll(/\\(?:u000[01]|ud[89a-f][\da-f]{2}|.)/g, storedEscape);

export const fromJson = <Item extends object>(json: string): Item =>
  JSON.parse(
    json.includes(String.raw`\u0001`) ? json.replaceAll(/\\(?:u0001\\u000[12]|.)/g, originalEscape) : json,
  ) as Item;

/** @param sequence an escape sequence of JSON */
function storedEscape(sequence: string): string {
  if (sequence === String.raw`\u0000`) return String.raw`\u0001\u0001`;
  if (sequence === String.raw`\u0001`) return String.raw`\u0001\u0002`;
  return sequence.startsWith(String.raw`\ud`) ? '\ufffd' : sequence;
}

/** @param sequence an escape sequence of JSON, or the two of a stored character */
function originalEscape(sequence: string): string {
  if (sequence === String.raw`\u0001\u0001`) return String.raw`\u0000`;
  return sequence === String.raw`\u0001\u0002` ? String.raw`\u0001` : sequence;
}

function checked(this: unknown, name: string, shown: unknown): unknown {
  // JSON.stringify has already called a `toJSON`, which only instances of classes have.
  const value: unknown = Reflect.get(Object(this), name);
  if (Array.isArray(value)) return value.filter((element) => element !== undefined);
  if (typeof value === 'number' && !isKept(value)) throw new TypeError(`${name}: ${value} cannot be stored`);
  if (typeof value === 'object' && value !== null && !isPlain(value)) {
    throw new TypeError(`${name}: an instance of ${value.constructor.name} cannot be stored`);
  }
  return shown;
}

const isKept = (value: number): boolean =>
  Number.isFinite(value) && (!Number.isInteger(value) || Math.abs(value) <= Number.MAX_SAFE_INTEGER);

// By name, since in Jest's sandbox there are several.
const isPlain = (value: object): boolean => [undefined, 'Object'].includes(value.constructor?.name);
