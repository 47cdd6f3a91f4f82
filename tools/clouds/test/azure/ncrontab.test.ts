import { readSchedule } from '../../src/azure/function-app/ncrontab.ts';

const next = (expression: string, time: string): string =>
  new Date(readSchedule(expression).next(Date.parse(time))).toISOString();

// https://learn.microsoft.com/azure/azure-functions/functions-bindings-timer#ncrontab-expressions
it.each([
  ['*/10 * * * * *', '2026-03-01T10:00:00.500Z', '2026-03-01T10:00:10.000Z'],
  ['*/10 * * * * *', '2026-03-01T10:00:10.000Z', '2026-03-01T10:00:20.000Z'],
  ['0 */5 * * * *', '2026-03-01T10:04:59.999Z', '2026-03-01T10:05:00.000Z'],
  ['0 0 * * * *', '2026-12-31T23:00:00.000Z', '2027-01-01T00:00:00.000Z'],
  ['0 30 9,17 * * *', '2026-03-01T09:30:00.000Z', '2026-03-01T17:30:00.000Z'],
  ['30,10 0 0 * * *', '2026-03-01T00:00:00.000Z', '2026-03-01T00:00:10.000Z'],
  ['0 30 9 * Jan Mon', '2026-01-01T00:00:00.000Z', '2026-01-05T09:30:00.000Z'],
  ['0 0 9-17 * * 1-5', '2026-03-06T17:00:00.000Z', '2026-03-09T09:00:00.000Z'],
  ['0 5/20 * * * *', '2026-03-01T10:26:00.000Z', '2026-03-01T10:45:00.000Z'],
  ['0 0 0 29 2 *', '2026-03-01T00:00:00.000Z', '2028-02-29T00:00:00.000Z'],
])('%s after %s is %s', (expression, time, expected) => {
  expect(next(expression, time)).toBe(expected);
});

it.each([
  ['* * * * *', 'only NCRONTAB with six fields'],
  ['00:00:10', 'only NCRONTAB with six fields'],
  ['60 * * * * *', '"60" is no second'],
  ['* * * 0 * *', '"0" is no day'],
  ['* * * * Foo *', '"Foo" is no month'],
  ['*/0 * * * * *', '"*/0" has no whole number after the slash'],
])('The schedule %s is refused: %s', (expression, reason) => {
  expect(() => readSchedule(expression)).toThrow(reason);
});

it('A schedule without a time is refused when it is asked', () => {
  expect(() => next('0 0 0 31 2 *', '2026-01-01T00:00:00.000Z')).toThrow('has no time');
});
