import fc from 'fast-check';
import { currencyCodes } from '../src/currency.ts';
import { type EventDefinition, eventDefinitions, parse, Reason, readEvent, Sku } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

const sku = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 64 })
  .map((value) => value.replace(/[^\p{L}\p{N}\p{S}&.-]/gu, ''))
  .filter((value) => parse(Sku, value).ok);
const quantity = fc.integer({ min: 1, max: 100_000 });
const amount = fc.maxSafeNat();
const orderId = fc.uuid();
const timestamp = fc
  .date({ min: new Date(0), max: new Date('9999-12-31T23:59:59.999Z'), noInvalidDate: true })
  .map((date) => date.toISOString());
/** Any characters but control ones, astral planes and non-characters included. */
const text = (max: number) =>
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: Math.floor(max / 2) })
    .map((value) => value.replace(/[\p{Cc}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu, ''))
    .filter((value) => parse(Reason, value).ok);
const email = fc
  .tuple(fc.stringMatching(/^[a-z0-9+_-]{1,64}$/), fc.stringMatching(/^[a-z0-9]{1,63}$/))
  .map(([name, host]) => `${name}@${host}.example`);
const currency = fc.constantFrom(...currencyCodes);
const listOf = <T>(item: fc.Arbitrary<T>) => fc.array(item, { minLength: 1, maxLength: 5 });

const lines = listOf(fc.record({ sku, quantity }));
const shortages = listOf(fc.record({ sku, requested: quantity, available: fc.nat(1_000_000_000) }));
const notificationKind = fc.constantFrom(
  'order-confirmed',
  'order-rejected',
  'order-cancelled',
  'order-shipped',
);

/** valibot leaves out what may change an object's prototype. */
const pairName = text(40).filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name));

/** Any valid value of each field that an event has; a field means the same in every event. */
const fields: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  orderId,
  customer: fc.record({ id: fc.stringMatching(/^[A-Za-z0-9._:|@-]{1,64}$/), email }),
  currency,
  total: amount,
  placedAt: timestamp,
  confirmedAt: timestamp,
  rejectedAt: timestamp,
  cancelledAt: timestamp,
  shippedAt: timestamp,
  reservedAt: timestamp,
  releasedAt: timestamp,
  sentAt: timestamp,
  failedAt: timestamp,
  shortages,
  sku,
  name: text(200),
  price: fc.integer({ min: 0, max: 1_000_000_000_000_000 }),
  notificationId: text(128),
  kind: notificationKind,
  channel: fc.constantFrom('log', 'smtp', 'ses'),
  messageId: text(998),
  reason: text(500),
  onSale: fc.boolean(),
  reference: text(64),
  metadata: fc.dictionary(pairName, text(500), { maxKeys: 20, noNullPrototype: true }),
};

const orderLines = listOf(
  fc.record({
    sku,
    name: text(200),
    quantity,
    unitPrice: fc.integer({ min: 0, max: 1_000_000_000_000_000 }),
    lineTotal: amount,
  }),
);

/** Any valid data of an event. */
function anyData({ topic, ...definition }: EventDefinition): fc.Arbitrary<Record<string, unknown>> {
  const names = Object.keys(Object(sampleEvent({ topic, ...definition }).data));
  const arbitraryOf = (name: string) => (name === 'lines' ? linesOf(topic) : fields[name]);
  return fc.record(
    Object.fromEntries(names.map((name) => [name, arbitraryOf(name) ?? fc.constant(undefined)])),
  );
}

const linesOf = (topic: string): fc.Arbitrary<unknown> => (topic === 'order-events' ? orderLines : lines);

describe('any event made of valid data survives JSON and readEvent unchanged', () => {
  it.each(eventDefinitions.map((definition): [string, EventDefinition] => [definition.name, definition]))(
    '%s',
    (_name, definition) => {
      const reaction = { definition };

      fc.assert(
        fc.property(anyData(definition), fc.integer({ min: 1 }), (data, sequence) => {
          const event = { ...sampleEvent(definition), sequence, data };

          const read = readEvent(JSON.stringify(event), new Map([[definition.type, reaction]]));

          expect(read).toEqual({ outcome: 'event', event, reaction });
        }),
        { numRuns: 40 },
      );
    },
  );
});
