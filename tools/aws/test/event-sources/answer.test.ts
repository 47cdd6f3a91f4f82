import { readFailures } from '../../event-sources/answer.ts';

const ids = ['1', '2', '3'];

it.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty object', {}],
  ['an empty list', { batchItemFailures: [] }],
  ['a null list', { batchItemFailures: null }],
  ['a text', 'done'],
])('takes %s as success', (_name, answer) => {
  expect(readFailures(answer, ids)).toEqual(new Set());
});

it('names the failed items', () => {
  const answer = { batchItemFailures: [{ itemIdentifier: '2' }, { itemIdentifier: '3' }] };
  expect(readFailures(answer, ids)).toEqual(new Set(['2', '3']));
});

it.each([
  ['an unknown identifier', [{ itemIdentifier: '9' }]],
  ['an empty identifier', [{ itemIdentifier: '' }]],
  ['a null identifier', [{ itemIdentifier: null }]],
  ['a wrong key', [{ messageId: '1' }]],
  ['an entry that is no object', ['1']],
  ['a list that is none', 'all of them'],
])('fails the whole batch for %s', (_name, batchItemFailures) => {
  expect(readFailures({ batchItemFailures }, ids)).toBe('all');
});
