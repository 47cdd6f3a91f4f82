import { anyCharacter } from '@orderly/support/any-character';
import * as fc from 'fast-check';

/** JSON as text, so that it can hold what no value can: keys twice, 1e400, NaN. */
export type JsonText = string;

/** A JSON document as it is written down, open to every mistake. */
type Json = JsonText | Branch;

/** An object or a list; the keys of a list are not written. */
interface Branch {
  readonly isObject: boolean;
  readonly entries: [key: string, value: Json][];
}

/** Keys that mean something to an engine, a database or this platform. */
const keys = [
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'length', 'then', 'toJSON'],
  ...['', ' ', '.', '/', '~', '\u0000', '\ud800', '$where', '$gt', 'S', 'M'],
  ...['pk', 'sk', 'outbox', 'status', 'version', 'total', 'unitPrice', 'price', 'type', 'data', 'subject'],
];

/** Strings that mean something to somebody who reads them without care. */
export const hostileStrings: readonly string[] = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  'a\r\nset-cookie: a=b',
  'a\nb',
  '\ud800',
  'a\udfff\ud800',
  '\u202egpj.exe',
  '\u200b\u200d\ufeff',
  '\ufffe\uffff',
  'e\u0301'.repeat(50),
  '\u0130\u0131\u00df\ufb01',
  '👩‍👩‍👧‍👦',
  "' OR '1'='1",
  '"; DROP TABLE orders; --',
  '{"$gt":""}',
  'attribute_not_exists(pk)',
  '#pk = :pk',
  'ORDER#1',
  'PRODUCT#MUG',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '..%2f..%2fetc%2fpasswd',
  '%00',
  '%0d%0ax-evil:1',
  '<script>alert(1)</script>',
  '$' + '{jndi:ldap://127.0.0.1/a}',
  '{{7*7}}',
  'true',
  'null',
  'NaN',
  '1e400',
  '-0',
  '9007199254740993',
  '٣',
  '１２',
  'a@b@c.example',
  '"quoted\\"@example.com',
  'a@example.com\r\nbcc: all@example.com',
  `${'a'.repeat(64)}@${'b'.repeat(250)}.example`,
  'a'.repeat(65),
  'a'.repeat(256),
  'a'.repeat(1025),
  '-'.repeat(20_000),
  `${'.'.repeat(3_000)}@`,
];

const tokens: readonly JsonText[] = [
  ...['1e400', '-1e400', '1e-400', '-0', '0.1', '1.0000000000000001', '2.5', '-1', '0', '1e3', '1E21'],
  ...['9007199254740991', '9007199254740993', '99999999999999999999999999', '-9007199254740993'],
  ...['true', 'false', 'null', '[]', '{}', '[[]]', '[null]', '{"0":1,"length":1}'],
  ...['{"$gt":""}', '{"$ne":null}', '{"S":"a"}', '{"M":{"pk":{"S":"ORDER#1"}}}'],
  ...['{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"admin":true}}}'],
  ...['{"toString":null,"valueOf":null}', '{"toJSON":"a"}', '{"then":1}'],
  '['.repeat(5_000) + ']'.repeat(5_000),
  `${'{"a":'.repeat(2_000)}1${'}'.repeat(2_000)}`,
  `[${Array.from({ length: 3_000 }, () => '{}').join()}]`,
  // None of these is JSON.
  ...[
    'NaN',
    'Infinity',
    '-Infinity',
    'undefined',
    '0x10',
    '01',
    '+1',
    '.5',
    '1.',
    "'a'",
    '"\u0001"',
    '"\\x41"',
  ],
  ...['/* */1', '1 // one', '[1,]', '{"a":1,}', '{a:1}', '"', '{', '[', ''],
];

const hostileToken: fc.Arbitrary<JsonText> = fc.oneof(
  fc.constantFrom(...tokens),
  fc.constantFrom(...hostileStrings).map((text) => JSON.stringify(text)),
  fc.json({ maxDepth: 3 }),
  fc.double().map((number) => String(number)),
  fc.string({ unit: anyCharacter }).map((text) => JSON.stringify(text)),
);

const hostileKey = fc.oneof(fc.constantFrom(...keys), fc.string({ unit: anyCharacter, maxLength: 10 }));

interface Mutation {
  /** Which of the places in the document; counted around. */
  readonly place: number;
  readonly change: 'replace' | 'drop' | 'add' | 'repeat' | 'wrap';
  readonly key: string;
  readonly token: JsonText;
}

const mutation: fc.Arbitrary<Mutation> = fc.record({
  place: fc.nat(200),
  change: fc.constantFrom('replace', 'drop', 'add', 'repeat', 'wrap'),
  key: hostileKey,
  token: hostileToken,
});

/** Documents like the valid ones, with up to three things wrong with each; some of them are still valid. */
export function hostileJson(valid: fc.Arbitrary<unknown>): fc.Arbitrary<JsonText> {
  const mutated = fc.tuple(valid, fc.array(mutation, { maxLength: 3 })).map(([value, mutations]) => {
    const root: Branch = { isObject: false, entries: [['', documentOf(value)]] };
    for (const each of mutations) mutate(root, each);
    return root.entries.map(([, document]) => textOf(document)).join();
  });
  const cut = fc.tuple(mutated, fc.nat(1_000)).map(([text, length]) => text.slice(0, length));
  return fc.oneof({ arbitrary: mutated, weight: 12 }, { arbitrary: cut, weight: 1 }, hostileToken);
}

function documentOf(value: unknown): Json {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).map(([key, inner]): [string, Json] => [key, documentOf(inner)]);
  return { isObject: !Array.isArray(value), entries };
}

function textOf(json: Json): JsonText {
  if (typeof json === 'string') return json;
  const { isObject, entries } = json;
  const inner = entries.map(([key, value]) => (isObject ? `${JSON.stringify(key)}:` : '') + textOf(value));
  return isObject ? `{${inner.join()}}` : `[${inner.join()}]`;
}

/** All places in a document: the list or object that holds each, and where in there. */
function slotsOf(holder: Branch): [holder: Branch, index: number][] {
  return holder.entries.flatMap(([, value], index) => [
    [holder, index],
    ...(typeof value === 'string' ? [] : slotsOf(value)),
  ]);
}

function mutate(root: Branch, { place, change, key, token }: Mutation): void {
  const slots = slotsOf(root);
  const [holder, index] = slots[place % Math.max(1, slots.length)] ?? [root, 0];
  const present = holder.entries[index]?.[0];
  if (present === undefined) return;
  const changed: Readonly<Record<Mutation['change'], Branch['entries']>> = {
    replace: [[present, token]],
    drop: [],
    add: [[key, token]],
    // In an object, the same key twice.
    repeat: [[present, token]],
    wrap: [[present, { isObject: false, entries: [['', token]] }]],
  };
  holder.entries.splice(index, change === 'add' || change === 'repeat' ? 0 : 1, ...changed[change]);
}
