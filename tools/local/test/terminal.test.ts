import { createTerminal, useColours } from '../src/terminal.ts';

const at = new Date(2026, 0, 2, 12, 0, 1, 85).getTime();
const span = {
  ...{ service: 'orders', name: 'POST /orders', kind: 'server', startTime: at, duration: 15.7 },
  outcome: 'ok' as const,
  attributes: { order_id: 'a3da9915-e501-4000-8000-000000000000', 'http.response.status_code': 201 },
};

const printing = (options: { readonly json?: boolean; readonly colours?: boolean } = {}) => {
  const lines: string[] = [];
  const services = ['orders', 'notifications'];
  const write = (line: string) => void lines.push(line);
  return { lines, terminal: createTerminal({ json: false, colours: false, ...options, write, services }) };
};

const errorLine = JSON.stringify({
  ...{ level: 'ERROR', message: 'Message failed', timestamp: new Date(at).toISOString(), service: 'orders' },
  ...{ queue: 'q', message_id: '1', correlation_id: '2' },
  error: { message: 'no points', stack: 'TypeError: no points\n    at earn' },
});

it('A request is one line: time, service, what, order, duration, outcome', () => {
  const { lines, terminal } = printing();
  terminal.span(span);

  expect(lines).toEqual([
    '12:00:01.085 orders         POST /orders                      a3da9915     16 ms  201',
  ]);
});

it.each([
  ['process OrderPlaced', 'consumer', 1],
  ['SMTP send', 'client', 1],
  ['DynamoDB.PutItem', 'client', 0],
  ['publish OrderPlaced', 'producer', 0],
])('A span "%s" of kind %s is %d line', (name, kind, count) => {
  const { lines, terminal } = printing();
  terminal.span({ ...span, name, kind });

  expect(lines).toHaveLength(count);
});

it('A failed reaction says why', () => {
  const { lines, terminal } = printing();
  terminal.span({ ...span, kind: 'consumer', outcome: 'error', error: 'Error: full', attributes: {} });

  expect(lines[0]).toMatch(/ {2}Error: full$/);
});

it('An error is a line with its stack below, without what only programs read', () => {
  const { lines, terminal } = printing();
  terminal.line('orders', errorLine);

  expect(lines.map((line) => line.trim())).toEqual([
    '12:00:01.085 orders         Message failed  queue=q',
    'TypeError: no points',
    'at earn',
  ]);
});

it('Lines of other programs are printed as they are, and INFO lines of functions are left out', () => {
  const { lines, terminal } = printing();
  terminal.line('orders', '{not JSON');
  terminal.line('orders', '{"level":"INFO","message":"Order changed"}');

  expect(lines).toEqual([expect.stringMatching(/ orders {9}\{not JSON$/)]);
});

it('With --json each line is JSON', () => {
  const { lines, terminal } = printing({ json: true });
  terminal.step('DynamoDB and SQS answer', 1.234);
  terminal.text('');
  terminal.text('Orderly is ready');
  terminal.line('orders', errorLine);
  terminal.line('orders', 'plain');
  terminal.span(span);

  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { level: 'INFO', service: 'orderly', message: 'DynamoDB and SQS answer', seconds: 1.2 },
    { level: 'INFO', service: 'orderly', message: 'Orderly is ready' },
    JSON.parse(errorLine),
    { level: 'INFO', service: 'orders', message: 'plain' },
    { level: 'INFO', type: 'span', ...span },
  ]);
});

it('Colours are for terminals only', () => {
  const { lines, terminal } = printing({ colours: true });
  terminal.span(span);

  expect(lines[0]).toContain('\u001b[');
  expect(useColours({}, true)).toBe(true);
  expect(useColours({}, false)).toBe(false);
  expect(useColours({ FORCE_COLOR: '1' }, false)).toBe(true);
  expect(useColours({ FORCE_COLOR: '1', NO_COLOR: '1' }, true)).toBe(false);
});
