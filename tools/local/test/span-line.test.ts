import { readSpanLine } from '../src/span-line.ts';

const span = {
  level: 'INFO',
  type: 'span',
  service: 'orders',
  name: 'POST /orders',
  kind: 'server',
  traceId: '0af7651916cd43dd8448eb211c80319c',
  spanId: 'b7ad6b7169203331',
  startTime: 1_764_439_200_123.456,
  duration: 12.345,
  outcome: 'ok',
  attributes: { 'http.request.method': 'POST', 'faas.coldstart': true, 'aws.dynamodb.table_names': ['a'] },
};

it('a span line is read with its members', () => {
  const { level: _, type: __, ...members } = span;

  expect(readSpanLine(JSON.stringify(span))).toEqual(members);
});

it('the span line of a failed child is read with its parent and its error', () => {
  const more = { parentSpanId: '00f067aa0ba902b7', outcome: 'error', error: 'TypeError: wrong' };

  expect(readSpanLine(JSON.stringify({ ...span, ...more }))).toMatchObject(more);
});

it.each<[string, string]>([
  ['a line of text', 'type span'],
  ['a log line', '{"level":"INFO","message":"Order changed"}'],
  ['a log line that mentions one', '{"level":"INFO","message":"\\"type\\":\\"span\\""}'],
  ['a span line that was cut', JSON.stringify(span).slice(0, -10)],
  ['a list', `[${JSON.stringify(span)}]`],
  ['an id of another length', JSON.stringify({ ...span, spanId: 'b7ad' })],
  ['an unknown kind', JSON.stringify({ ...span, kind: 'batch' })],
  ['an unknown outcome', JSON.stringify({ ...span, outcome: 'late' })],
  ['an attribute that is an object', JSON.stringify({ ...span, attributes: { a: {} } })],
  ['a time that is text', JSON.stringify({ ...span, startTime: '2026-11-29' })],
])('%s is no span line', (_, line) => {
  expect(readSpanLine(line)).toBeUndefined();
});
