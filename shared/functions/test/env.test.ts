import type { Schema } from '@orderly/contracts';
import { EnvironmentError, environment, list, number, positiveInteger, text } from '../src/env.ts';

it.each<[string, Schema<unknown>, string | undefined, unknown]>([
  ['a text', text, 'value', 'value'],
  ['a number', number(60), undefined, 60],
  ['a number', number(60), '0', 0],
  ['a number', number(60), '1.5', 1.5],
  ['a number', number(60), '0300', 300],
  ['a positive integer', positiveInteger, '15', 15],
  ['a list', list, undefined, []],
  ['a list', list, '', []],
  ['a list', list, 'a', ['a']],
  ['a list', list, '  a \n b\tc ', ['a', 'b', 'c']],
])('%s variable is read: %#', (_what, read, NAME, value) => {
  expect(environment({ NAME: read }, { NAME })).toEqual({ NAME: value });
});

const noNumber = 'NAME: is not a number of at least zero';
const noPositive = 'NAME: is not a whole number of at least one';

type Wrong = [read: Schema<unknown>, value: string | undefined, message: string];

it.each<Wrong>([
  [text, undefined, 'NAME: is missing'],
  [text, '', 'NAME: is empty'],
  [positiveInteger, undefined, 'NAME: is missing'],
  ...['', ' ', '-1', '1e3', 'sixty', '5 s', '1.', '.5'].map((wrong): Wrong => [number(60), wrong, noNumber]),
  ...['', '0', '-1', '1.5', '05', 'five'].map((wrong): Wrong => [positiveInteger, wrong, noPositive]),
])('a variable of another form is refused: %#', (read, NAME, message) => {
  expect(() => environment({ NAME: read }, { NAME })).toThrow(
    new EnvironmentError(`Environment: ${message}`),
  );
});

it('every variable that is missing or wrong is named', () => {
  const variables = { ONE: text, TWO: text, SECONDS: number(1), FINE: text };

  expect(() => environment(variables, { TWO: '', SECONDS: 'x', FINE: 'y' })).toThrow(
    'Environment: ONE: is missing; TWO: is empty; SECONDS: is not a number of at least zero',
  );
});

it('only the given variables are read, by default those of the process', () => {
  expect(environment({ STAGE: text })).toEqual({ STAGE: 'test' });
});
