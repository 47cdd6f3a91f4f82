import { SourceEdit } from '../src/edit-source.ts';
import { addRow, addToRow } from '../src/edit-table.ts';
import { addToList, addToMap } from '../src/edit-yaml.ts';
import { checkEventName, plural, singular, withArticle } from '../src/names.ts';
import { fill } from '../src/templates.ts';

const yaml = `# The head.
services:
  # The first one.
  orders: { path: services/orders }   # in one line
  inventory:
    path: services/inventory

    # Behind a blank line.
    more: [a, b]
# The tail.
other: 1
`;

it('a property is added to a map in YAML, and everything else stays as it is', () => {
  const after = addToMap('x.yml', yaml, ['services'], 'payments:\n  path: services/payments');

  expect(after).toBe(yaml.replace('[a, b]\n', '[a, b]\n  payments:\n    path: services/payments\n'));
});

it('an element is added to a list of fragments', () => {
  const list = 'a:\n  - one\n  - two # kept\nb: 1\n';

  expect(addToList('x.yml', list, 'a', 'three:\n  x: 1')).toBe(
    'a:\n  - one\n  - two # kept\n  - three:\n      x: 1\nb: 1\n',
  );
});

it('a map that YAML does not have is an error that names file and place', () => {
  expect(() => addToMap('x.yml', yaml, ['functions'], 'a: 1')).toThrow('x.yml has no map functions');
});

const source = `import { a } from './a.ts';

// Kept.
const list: readonly [typeof a] = [a];
const table = { 'x-events': ['x'] /* kept */ } as const satisfies object;
export type Topic = 'x' | 'y';
`;

it('imports, elements, properties and members are added to TypeScript, and comments stay', () => {
  const { text } = new SourceEdit('x.ts', source)
    .import('b', './a.ts')
    .import('c', './c.ts')
    .addToArray('list', 'b')
    .addToTuple('list', 'typeof b')
    .addToArray('table.x-events', "'z'")
    .addToObject('table', "'y-events': []")
    .addToUnion('Topic', "'z'");

  expect(text).toBe(`import { a, b } from './a.ts';
import { c } from './c.ts';

// Kept.
const list: readonly [typeof a, typeof b] = [a, b];
const table = { 'x-events': ['x', 'z'], 'y-events': [] /* kept */ } as const satisfies object;
export type Topic = 'x' | 'y' | 'z';
`);
});

it('an element goes behind the last one that is picked', () => {
  const edit = new SourceEdit('x.ts', 'const list = [a1, a2, b1];').addToArray('list', 'a3', (text) =>
    text.startsWith('a'),
  );

  expect(edit.text).toBe('const list = [a1, a2, a3, b1];');
});

it('a place that TypeScript does not have is an error that names it', () => {
  expect(() => new SourceEdit('x.ts', source).addToArray('events', 'b')).toThrow(
    'x.ts does not have the variable events',
  );
});

it('a word is added to a row of a table, and a row to a table', () => {
  const table = '| topic | events |\n| --- | --- |\n| publishes  | A  B |\n\nText.';

  expect(addToRow(table, 'publishes', 1, 'C')).toContain('| publishes  | A  B C |');
  expect(addRow(table, '| topic | events |', '| x | y |')).toContain(
    '| publishes  | A  B |\n| x | y |\n\nText.',
  );
  expect(addRow(table, '| other |', '| x |')).toBe(table);
});

it('placeholders are filled in, and a line with a list is repeated', () => {
  expect(fill('a __one__\n  __Each__,\nb', { one: '1', Each: ['X', 'Y'] })).toBe('a 1\n  X,\n  Y,\nb');
  expect(() => fill('__two__', { one: '1' })).toThrow('__two__ has no value');
});

it.each([
  ['payment', 'payments', 'a payment'],
  ['invoice', 'invoices', 'an invoice'],
  ['entry', 'entries', 'an entry'],
  ['address', 'addresses', 'an address'],
  ['user', 'users', 'a user'],
  ['box', 'boxes', 'a box'],
])('%s, %s, %s', (noun, several, one) => {
  expect([plural(noun), singular(several), withArticle(noun)]).toEqual([several, noun, one]);
});

it.each(['billing', 'stock', 'status', 'inventory'])('%s is no plural', (word) => {
  expect(singular(word)).toBeUndefined();
});

it('the name of an event has the aggregate and what happened', () => {
  expect(checkEventName('OrderPaid')).toEqual({ aggregate: 'order', happened: 'paid' });
});
