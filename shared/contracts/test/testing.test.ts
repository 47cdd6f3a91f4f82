import * as v from 'valibot';
import {
  defineEvent,
  eventDefinitions,
  NotificationSent,
  OrderPlaced,
  ProductUpserted,
} from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

describe('sampleEvent', () => {
  it('gives each event an id of its own', () => {
    expect(new Set(eventDefinitions.map((definition) => sampleEvent(definition).id)).size).toBe(
      eventDefinitions.length,
    );
  });

  it('applies overrides of the envelope and the data, and keeps the rest', () => {
    const event = sampleEvent(OrderPlaced, { sequence: 7, data: { total: 5 } });

    const sample = sampleEvent(OrderPlaced);
    expect(event).toEqual({ ...sample, sequence: 7, data: { ...sample.data, total: 5 } });
  });

  it.each([
    [
      sampleEvent(OrderPlaced, { data: { orderId: 'ffffffff-0000-0000-0000-000000000000' } }),
      'ffffffff-0000-0000-0000-000000000000',
    ],
    [sampleEvent(ProductUpserted, { data: { sku: 'B' } }), 'B'],
    [sampleEvent(NotificationSent, { data: { notificationId: 'n' } }), 'n'],
    [sampleEvent(ProductUpserted, { subject: 'given' }), 'given'],
  ])('takes the subject from the data, unless it is given (%#)', ({ subject }, expected) => {
    expect(subject).toBe(expected);
  });

  it('names the overrides that break the schema', () => {
    expect(() => sampleEvent(OrderPlaced, { sequence: 0, data: { total: -1 } })).toThrow(
      /^Not a valid orderly.order.placed.v1: \/sequence: .*; \/data\/total: An amount must be at least 0$/,
    );
  });

  it('refuses an event without a sample', () => {
    const Other = defineEvent({ topic: 'order-events', type: 'orderly.order.other.v1', data: v.object({}) });

    expect(() => sampleEvent(Other)).toThrow('There is no sample of orderly.order.other.v1');
  });
});
