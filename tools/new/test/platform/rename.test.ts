import { renamer } from '../../src/platform/rename.ts';

const rename = renamer('orderly', 'qorvex');

it.each([
  [
    'the scope of packages',
    "import { parse } from '@orderly/contracts';",
    "import { parse } from '@qorvex/contracts';",
  ],
  ['event types', 'orderly.order.placed.v1', 'qorvex.order.placed.v1'],
  ['patterns of event types', String.raw`/^orderly\.([a-z]+)$/`, String.raw`/^qorvex\.([a-z]+)$/`],
  ['URNs', 'urn:orderly:problem:not-found', 'urn:qorvex:problem:not-found'],
  ['tags', "'orderly:events': 'OrderPlaced'", "'qorvex:events': 'OrderPlaced'"],
  ['stacks', 'stack/orderly-orders-prod/*', 'stack/qorvex-orders-prod/*'],
  ['parameters', '/orderly/<stage>/smtp-url', '/qorvex/<stage>/smtp-url'],
  ['folders', "join(root, '.orderly/cache')", "join(root, '.qorvex/cache')"],
  ['files', 'tools/cli/bin/orderly.cjs', 'tools/cli/bin/qorvex.cjs'],
  ['commands', 'npx orderly dlq list', 'npx qorvex dlq list'],
  ['environment variables', 'ORDERLY_SQS_PORT=1 $ORDERLY_STAGE', 'QORVEX_SQS_PORT=1 $QORVEX_STAGE'],
  ['the beginning of a variable prefix', "name.startsWith('ORDERLY_')", "name.startsWith('QORVEX_')"],
  ['identifiers', 'orderlyClient(): OrderlyApis', 'qorvexClient(): QorvexApis'],
  ['the middle of identifiers', 'class LocalOrderlyHost', 'class LocalQorvexHost'],
  ['attributes of events', '{ orderlyreplay: true }', '{ qorvexreplay: true }'],
  ['headers', 'x-orderly-token', 'x-qorvex-token'],
  ['titles', '# Orderly', '# Qorvex'],
  ['prose', "Orderly's events, and Orderly: all of it.", "Qorvex's events, and Qorvex: all of it."],
  [
    'what follows an escape',
    String.raw`'\nOrderly stops\norderly stops'`,
    String.raw`'\nQorvex stops\nqorvex stops'`,
  ],
  ['several on a line', 'orderly Orderly ORDERLY', 'qorvex Qorvex QORVEX'],
])('a new name changes %s', (_what, before, after) => {
  expect(rename(before)).toBe(after);
});

it.each([
  'It stops in orderly fashion.',
  'an orderly shutdown',
  'very orderly\n  queue',
  'disorderly conduct',
  'DISORDERLY',
  'order, Order, ORDER, orders, reorder',
])('a new name leaves ordinary words alone: %j', (text) => {
  expect(rename(text)).toBe(text);
});

it.each([
  ['qorvex', 'An Orderly event, an `orderly` command', 'A Qorvex event, a `qorvex` command'],
  ['umbrix', 'An Orderly event, an `orderly` command', 'An Umbrix event, an `umbrix` command'],
  ['umbrix', 'data orderly', 'data umbrix'],
])('an article before the name %s fits its sound', (name, before, after) => {
  expect(renamer('orderly', name)(before)).toBe(after);
});

it('a text under a new name has nothing left to rename, and can be named back', () => {
  const text = 'Orderly (`npx orderly`): ORDERLY_STAGE, @orderly/client';

  expect(rename(rename(text))).toBe(rename(text));
  expect(renamer('qorvex', 'orderly')(rename(text))).toBe(text);
});
