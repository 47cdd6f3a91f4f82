import { checkPattern, matches, type Pattern, passes, passesMessage } from '../../event-sources/filter.ts';

const event = {
  eventName: 'INSERT',
  dynamodb: {
    NewImage: { pk: { S: 'ORDER#1' }, outbox: { M: { subject: { S: 'x' } } }, gone: { NULL: true } },
  },
  count: 7,
  flag: false,
  nothing: null,
  empty: [],
  tags: ['a', 'b'],
  lines: [
    { sku: 'A', quantity: 1 },
    { sku: 'B', quantity: 9 },
  ],
};

it.each<[string, Pattern, boolean]>([
  ['an exact value', { eventName: ['INSERT'] }, true],
  ['another exact value', { eventName: ['REMOVE'] }, false],
  ['one value of several', { eventName: ['REMOVE', 'INSERT'] }, true],
  ['a number is not its text', { count: ['7'] }, false],
  ['a number', { count: [7] }, true],
  ['false', { flag: [false] }, true],
  ['null', { nothing: [null] }, true],
  ['null is not absence', { absent: [null] }, false],
  ['all fields must match', { eventName: ['INSERT'], count: [8] }, false],
  ['a nested value', { dynamodb: { NewImage: { pk: { S: ['ORDER#1'] } } } }, true],
  ['prefix', { dynamodb: { NewImage: { pk: { S: [{ prefix: 'ORDER#' }] } } } }, true],
  ['prefix in any case', { eventName: [{ prefix: { 'equals-ignore-case': 'ins' } }] }, true],
  ['suffix', { eventName: [{ suffix: 'ERT' }] }, true],
  ['suffix of a number never matches', { count: [{ suffix: '7' }] }, false],
  ['equals-ignore-case', { eventName: [{ 'equals-ignore-case': 'insert' }] }, true],
  ['wildcard', { eventName: [{ wildcard: 'I*R*' }] }, true],
  ['wildcard takes dots as they are', { eventName: [{ wildcard: 'I.*' }] }, false],
  ['anything-but another value', { eventName: [{ 'anything-but': ['REMOVE'] }] }, true],
  ['anything-but this value', { eventName: [{ 'anything-but': 'INSERT' }] }, false],
  ['anything-but a prefix', { eventName: [{ 'anything-but': { prefix: 'INS' } }] }, false],
  ['anything-but needs a value', { absent: [{ 'anything-but': 'x' }] }, false],
  ['numeric range', { count: [{ numeric: ['>', 5, '<=', 7] }] }, true],
  ['numeric out of range', { count: [{ numeric: ['>', 7] }] }, false],
  ['numeric equality', { count: [{ numeric: ['=', 7] }] }, true],
  ['numeric never matches text', { eventName: [{ numeric: ['>', 0] }] }, false],
  ['exists', { count: [{ exists: true }] }, true],
  ['exists false', { absent: [{ exists: false }] }, true],
  ['exists false of what is there', { count: [{ exists: false }] }, false],
  ['exists sees leaves only', { dynamodb: { NewImage: { outbox: [{ exists: true }] } } }, false],
  [
    'exists in a map',
    { dynamodb: { NewImage: { outbox: { M: { subject: { S: [{ exists: true }] } } } } } },
    true,
  ],
  ['an empty list does not exist', { empty: [{ exists: true }] }, false],
  ['any value of an array', { tags: ['b'] }, true],
  ['one element matches the whole pattern', { lines: { sku: ['B'], quantity: [9] } }, true],
  ['not two elements together', { lines: { sku: ['A'], quantity: [9] } }, false],
  ['$or', { $or: [{ count: [8] }, { eventName: ['INSERT'] }] }, true],
  ['$or with no match', { $or: [{ count: [8] }, { flag: [true] }] }, false],
  ['$or beside a field', { eventName: ['INSERT'], $or: [{ count: [7] }, { count: [8] }] }, true],
  ['an unknown operator', { count: [{ about: 7 }] }, false],
  ['a pattern that is no list', { count: 7 }, false],
])('%s', (_name, pattern, expected) => {
  expect(matches(pattern, event)).toBe(expected);
});

it('lets everything pass without a pattern, and what any pattern matches with several', () => {
  expect(passes([], event)).toBe(true);
  expect(passes([{ count: [8] }, { count: [7] }], event)).toBe(true);
  expect(passes([{ count: [8] }], event)).toBe(false);
});

describe('messages of a queue', () => {
  const text = { body: 'plain', attributes: { MessageGroupId: 'g' } };
  const json = { body: '{"type":"a"}', attributes: { MessageGroupId: 'g' } };

  it('parses a JSON body for a pattern that looks into it', () => {
    expect(passesMessage([{ body: { type: ['a'] } }], json)).toBe(true);
    expect(passesMessage([{ body: { type: ['b'] } }], json)).toBe(false);
  });

  it('drops a text body when the pattern looks into it, and a JSON body when the pattern is text', () => {
    expect(passesMessage([{ body: { type: ['a'] } }], text)).toBe(false);
    expect(passesMessage([{ body: { type: [{ exists: false }] } }], text)).toBe(false);
    expect(passesMessage([{ body: ['{"type":"a"}'] }], json)).toBe(false);
  });

  it('matches a text body, and anything besides the body', () => {
    expect(passesMessage([{ body: ['plain'] }], text)).toBe(true);
    expect(passesMessage([{ attributes: { MessageGroupId: ['g'] } }], text)).toBe(true);
    expect(passesMessage([], text)).toBe(true);
  });
});

it.each([
  ['no object', 7, /no object/],
  ['a field without rules', { a: 7 }, /"a"/],
  [
    'an operator that is not implemented',
    { a: { b: [{ cidr: '10.0.0.0/24' }] } },
    /"b" has the operator "cidr"/,
  ],
  ['a list in place of a rule', { a: [[1]] }, /"a"/],
  ['a bad alternative', { $or: [{ a: [{ about: 1 }] }] }, /"about"/],
])('refuses a pattern that is %s', (_name, pattern, expected) => {
  expect(() => checkPattern(pattern)).toThrow(expected);
});

it('takes a pattern that it can match', () => {
  const pattern = { $or: [{ a: [{ prefix: 'x' }, null] }, { b: { c: [{ exists: false }] } }] };
  expect(checkPattern(pattern)).toEqual(pattern);
});
