import assert from 'node:assert/strict';
import { it } from 'node:test';
import { OrderCancelled, OrderConfirmed } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { fromText, print, type Sheet, toText, withdraw } from '../src/sheet.ts';

const confirmed = sampleEvent(OrderConfirmed, { sequence: 2 });
const cancelled = sampleEvent(OrderCancelled, { sequence: 3 });
const { orderId, lines } = confirmed.data;

/** The titles of the sheets that these events print, in this order. */
function printed(...events: readonly (typeof confirmed | typeof cancelled)[]): readonly string[] {
  const sheets: Sheet[] = [];
  for (const event of events) {
    const current = sheets.at(-1);
    const sheet = event.type === OrderConfirmed.type ? print(current, event) : withdraw(current, event);
    if (sheet !== undefined) sheets.push(sheet);
  }
  return sheets.map(({ title }) => title);
}

it('prints a pick list once, however often the confirmation is delivered', () => {
  assert.deepEqual(printed(confirmed, confirmed, confirmed), ['PICK LIST']);
});

it('withdraws a printed order once when it is cancelled', () => {
  assert.deepEqual(printed(confirmed, cancelled, cancelled, confirmed), ['PICK LIST', 'WITHDRAWN']);
});

it('never prints an order whose cancellation arrives first', () => {
  assert.deepEqual(printed(cancelled, confirmed, cancelled), ['CANCELLED']);
});

it('lists what to pick', () => {
  const sheet = print(undefined, confirmed);

  assert.equal(
    sheet && toText(sheet, lines),
    `PICK LIST ${orderId}, version 2\n     6 x 85123A  White hanging heart\n     2 x 71053  White metal lantern\n`,
  );
});

it('reads back the text that it wrote', () => {
  const sheets: readonly Sheet[] = (['PICK LIST', 'WITHDRAWN', 'CANCELLED'] as const).map((title) => ({
    title,
    orderId,
    sequence: 12,
  }));

  assert.deepEqual(
    sheets.map((sheet) => fromText(orderId, toText(sheet, lines))),
    sheets,
  );
  assert.throws(() => fromText(orderId, 'shopping list'), /not one of ours/);
});
