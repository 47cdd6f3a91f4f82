import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { eventsOf } from '../src/replay/item-events.ts';
import { noCounts, type ReplayRun } from '../src/replay/replay-run.ts';
import { readRun, removeRun, runFile, saveRun } from '../src/replay/run-file.ts';
import { selectEvents } from '../src/replay/select-events.ts';
import { since } from '../src/replay/since.ts';
import { outboxOf } from './outbox.ts';

const run: ReplayRun = {
  id: '0123456789ab',
  startedAt: '2026-11-24T12:00:00.000Z',
  stage: 'dev',
  topic: 'order-events',
  to: 'http://127.0.0.1:9324/000000000000/dev-order-events--new.fifo',
  counts: noCounts,
};

describe('--since', () => {
  const now = Date.parse('2026-11-24T12:00:00.000Z');

  it.each([
    ['90m', '2026-11-24T10:30:00.000Z'],
    ['36h', '2026-11-23T00:00:00.000Z'],
    ['7d', '2026-11-17T12:00:00.000Z'],
    ['2026-11-01', '2026-11-01T00:00:00.000Z'],
    ['2026-11-24T09:00+01:00', '2026-11-24T08:00:00.000Z'],
  ])('%s is %s', (value, time) => {
    expect(since(value, undefined, now)).toBe(time);
  });

  it.each(['', '7', '7w', 'yesterday', '2026-13-01', '2026-11-24T09:00'])('"%s" is refused', (value) => {
    expect(() => since(value)).toThrow('It must be a duration such as 36h');
  });
});

it('a run is restored from its file, and a truncated file is refused', () => {
  const begun = { ...run, order: 'o', since: run.startedAt, after: { pk: 'ORDER#o', sk: 'order-shipped' } };
  saveRun(begun);
  const file = runFile(begun);
  try {
    expect(readRun(file)).toEqual(begun);
    writeFileSync(file, readFileSync(file, 'utf8').slice(0, -4));
    expect(() => readRun(file)).toThrow('is not what a replay has saved');
  } finally {
    removeRun(begun);
  }
  expect(() => readRun(file)).toThrow('--resume takes the file that a replay has named');
});

it('a change that was published in two versions is published again in both, in order', () => {
  const older = sampleEvent(OrderPlaced, { subject: 'o', replacedby: 'orderly.order.placed.v2' });
  const newer = { ...older, id: '01980000-0000-7000-8000-000000000002', type: 'orderly.order.placed.v2' };

  const read = eventsOf(run, { pk: 'ORDER#o', outbox: outboxOf(older, newer) });

  const bodies = read.outcome === 'events' ? read.events.map(({ body }) => JSON.parse(body)) : [];
  expect(bodies).toEqual([older, newer].map((event) => ({ ...event, orderlyreplay: true })));
});

it('each item is counted once', () => {
  const placed = sampleEvent(OrderPlaced, { subject: 'o' });
  const items = [
    { pk: 'ORDER#1', outbox: outboxOf(placed) },
    { pk: 'ORDER#2' },
    { pk: 'ORDER#3', outbox: { subject: '3', events: [{ body: '{}' }] } },
    { pk: 'PRODUCT#MUG' },
    { outbox: 'none' },
  ];

  const { counts, failures } = selectEvents(run, items, () => false);

  expect(counts).toEqual({
    ...noCounts,
    items: 5,
    other: 1,
    aggregates: 4,
    withoutEvents: 1,
    filtered: 1,
    failed: 2,
  });
  expect(failures.map(({ subject }) => subject)).toEqual(['ORDER#3', 'undefined']);
});

it('an id made from a product is a UUIDv8 that only its SKU and version decide', () => {
  const product = { sku: 'MUG', name: 'Mug', price: 1, currency: 'EUR' };
  const idOf = (id: string, version: number) => {
    const item = { pk: 'PRODUCT#MUG', ...product, version };
    const read = eventsOf({ ...run, id, topic: 'inventory-events' }, item);
    return read.outcome === 'events' ? read.events[0]?.eventId : read.outcome;
  };
  const digest = createHash('sha256').update('orderly/inventory MUG 7').digest('hex');

  expect(idOf('aaaaaaaaaaaa', 7)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(idOf('aaaaaaaaaaaa', 7)?.slice(0, 8)).toBe(digest.slice(0, 8));
  expect(idOf('bbbbbbbbbbbb', 7)).toBe(idOf('aaaaaaaaaaaa', 7));
  expect(idOf('aaaaaaaaaaaa', 8)).not.toBe(idOf('aaaaaaaaaaaa', 7));
});
