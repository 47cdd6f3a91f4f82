import * as v from 'valibot';
import { describeIssues, type Issue, parse, parseJson } from '../src/index.ts';

it('an issue of the whole input has the path ""', () => {
  expect(parse(v.string('Not a text'), 5)).toEqual({
    outcome: 'invalid',
    issues: [{ path: '', message: 'Not a text' }],
  });
});

describe('parseJson', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    ['null', null],
    [' 5 ', 5],
  ])('reads %s', (text, value) => {
    expect(parseJson(text)).toEqual({ outcome: 'valid', value });
  });

  it.each(['', 'undefined', '{a:1}', "'a'", '[1,]'])('refuses %j', (text) => {
    expect(parseJson(text)).toEqual({ outcome: 'invalid', issues: [{ path: '', message: 'Invalid JSON' }] });
  });
});

describe('describeIssues', () => {
  const issue = (index: number): Issue => ({ path: `/lines/${index}`, message: 'wrong' });

  it('puts all of them in one line, without a path where there is none', () => {
    expect(describeIssues([{ path: '', message: 'Invalid JSON' }, issue(2)])).toBe(
      'Invalid JSON; /lines/2: wrong',
    );
  });

  it('lists 20 issues and counts the others, to keep log lines short', () => {
    const twenty = Array.from({ length: 20 }, (_, index) => issue(index));

    expect(describeIssues(twenty)).toBe(twenty.map(({ path }) => `${path}: wrong`).join('; '));
    expect(describeIssues([...twenty, issue(20), issue(21)])).toMatch(/19: wrong; and 2 more$/);
  });
});
