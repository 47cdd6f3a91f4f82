import { OrderConfirmed, OrderPlaced, ProductUpserted, parse } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { anyCharacter } from '@orderly/support/any-character';
import fc from 'fast-check';
import { outbox } from '../src/messaging/outbox.ts';
import { inRequestContext } from '../src/observability/request-context.ts';

const context = { correlationId: 'request', causationId: 'cause' };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const placed = OrderPlaced.of(sampleEvent(OrderPlaced).data);
const confirmed = OrderConfirmed.of(sampleEvent(OrderConfirmed).data);
const aggregate = { subject: 'order-1', sequence: 3 };
const wrap = () => inRequestContext(context, () => outbox(aggregate, [placed, confirmed]));

describe('outbox', () => {
  it('wraps each event in an envelope, in order', () => {
    const { subject, events } = wrap();

    expect(subject).toBe('order-1');
    expect(events.map(({ body }) => JSON.parse(body))).toEqual(
      [placed, confirmed].map((event, index) => ({
        specversion: '1.0',
        id: events[index]?.id,
        source: 'orderly/toolkit',
        type: event.type,
        subject: 'order-1',
        time: expect.any(String),
        datacontenttype: 'application/json',
        dataschema: event.dataschema,
        sequence: 3,
        correlationid: 'request',
        causationid: 'cause',
        data: event.data,
      })),
    );
    expect(events.map(({ type }) => type)).toEqual([placed.type, confirmed.type]);
  });

  it.each([context, { ...context, traceparent }])(
    'makes events that pass their contract, in the request context %j',
    (of) => {
      const { events } = inRequestContext(of, () => outbox(aggregate, [placed, confirmed]));

      const parsed = [OrderPlaced, OrderConfirmed].map(({ schema }, index) =>
        parse<unknown>(schema, JSON.parse(events[index]?.body ?? '')),
      );

      expect(parsed).toEqual([
        { outcome: 'valid', value: expect.objectContaining({ ...('traceparent' in of && { traceparent }) }) },
        { outcome: 'valid', value: expect.objectContaining({ type: confirmed.type }) },
      ]);
    },
  );

  it('keeps the mark of an event that is published in a newer version, too', () => {
    const marked = { ...placed, replacedby: 'orderly.order.placed.v2' };
    const { events } = inRequestContext(context, () => outbox(aggregate, [marked, placed]));

    const marks = events.map(({ body }) => JSON.parse(body).replacedby);
    expect(marks).toEqual(['orderly.order.placed.v2', undefined]);
  });

  it('sets the present time', () => {
    const before = Date.now();

    const times = wrap().events.map(({ body }) => Date.parse(JSON.parse(body).time));

    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now());
  });

  it('sets a UUIDv7 for each event, in the order of the events', () => {
    const ids = [wrap(), wrap()].flatMap(({ events }) => events.map(({ id }) => id));

    for (const id of ids)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it('escapes what SQS refuses in a message, and loses nothing', () => {
    const name = fc
      .string({ unit: anyCharacter, minLength: 1, maxLength: 50 })
      .map((any) => `${any}\uFFFE\uFFFF`);

    fc.assert(
      fc.property(name, (any) => {
        const { data } = sampleEvent(ProductUpserted);
        const event = ProductUpserted.of({ ...data, name: any });

        const [entry] = inRequestContext(context, () => outbox(aggregate, [event])).events;

        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
        expect(entry?.body).toMatch(/^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
        expect(JSON.parse(entry?.body ?? '').data.name).toBe(any);
      }),
    );
  });

  it('throws outside of a request context, since the event would have no cause', () => {
    expect(() => outbox(aggregate, [placed])).toThrow('No request context');
  });
});
