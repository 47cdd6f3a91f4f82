import { OrderConfirmed, OrderPlaced, ProductUpserted, parse } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import fc from 'fast-check';
import { outbox } from '../src/messaging/outbox.ts';
import { inRequestContext } from '../src/observability/request-context.ts';

const flow = { correlationId: 'flow', causationId: 'cause' };
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const placed = OrderPlaced.of(sampleEvent(OrderPlaced).data);
const confirmed = OrderConfirmed.of(sampleEvent(OrderConfirmed).data);
const aggregate = { subject: 'order-1', sequence: 3 };
const seal = () => inRequestContext(flow, () => outbox(aggregate, [placed, confirmed]));

describe('outbox', () => {
  it('seals each event whole, in order', () => {
    const { subject, events } = seal();

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
        correlationid: 'flow',
        causationid: 'cause',
        data: event.data,
      })),
    );
    expect(events.map(({ type }) => type)).toEqual([placed.type, confirmed.type]);
  });

  it.each([flow, { ...flow, traceparent }])(
    'makes events that pass their own contract, in the flow %j',
    (of) => {
      const { events } = inRequestContext(of, () => outbox(aggregate, [placed, confirmed]));

      const parsed = [OrderPlaced, OrderConfirmed].map(({ schema }, index) =>
        parse<unknown>(schema, JSON.parse(events[index]?.body ?? '')),
      );

      expect(parsed).toEqual([
        { ok: true, value: expect.objectContaining({ ...('traceparent' in of && { traceparent }) }) },
        { ok: true, value: expect.objectContaining({ type: confirmed.type }) },
      ]);
    },
  );

  it('stamps the present time', () => {
    const before = Date.now();

    const times = seal().events.map(({ body }) => Date.parse(JSON.parse(body).time));

    expect(Math.min(...times)).toBeGreaterThanOrEqual(before);
    expect(Math.max(...times)).toBeLessThanOrEqual(Date.now());
  });

  it('gives each event a UUIDv7 of its own, in the order of the events', () => {
    const ids = [seal(), seal()].flatMap(({ events }) => events.map(({ id }) => id));

    for (const id of ids)
      expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    expect(ids).toEqual([...new Set(ids)].toSorted());
  });

  it('holds nothing but what SQS takes in a message, and loses nothing', () => {
    const name = fc
      .string({ unit: 'binary', minLength: 1, maxLength: 50 })
      .map((any) => `${any}\uFFFE\uFFFF`);

    fc.assert(
      fc.property(name, (any) => {
        const { data } = sampleEvent(ProductUpserted);
        const event = ProductUpserted.of({ ...data, name: any });

        const [entry] = inRequestContext(flow, () => outbox(aggregate, [event])).events;

        // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
        expect(entry?.body).toMatch(/^[\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]*$/u);
        expect(JSON.parse(entry?.body ?? '').data.name).toBe(any);
      }),
    );
  });

  it('cannot be used outside of a flow: the event could not say why it happened', () => {
    expect(() => outbox(aggregate, [placed])).toThrow('No flow');
  });
});
