import * as contracts from '../src/index.ts';
import {
  defineEvent,
  type EventDefinition,
  eventDefinitions,
  eventName,
  eventTypes,
  ProductUpserted,
  parse,
  parseEvent,
  type Topic,
} from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

const published: readonly [Topic, string, string][] = [
  ['order-events', 'orderly.order.placed.v1', 'OrderPlaced'],
  ['order-events', 'orderly.order.confirmed.v1', 'OrderConfirmed'],
  ['order-events', 'orderly.order.rejected.v1', 'OrderRejected'],
  ['order-events', 'orderly.order.cancelled.v1', 'OrderCancelled'],
  ['order-events', 'orderly.order.shipped.v1', 'OrderShipped'],
  ['inventory-events', 'orderly.product.upserted.v1', 'ProductUpserted'],
  ['inventory-events', 'orderly.stock.reserved.v1', 'StockReserved'],
  ['inventory-events', 'orderly.stock.rejected.v1', 'StockRejected'],
  ['inventory-events', 'orderly.stock.released.v1', 'StockReleased'],
  ['inventory-events', 'orderly.stock.shipped.v1', 'StockShipped'],
  ['notification-events', 'orderly.notification.sent.v1', 'NotificationSent'],
  ['notification-events', 'orderly.notification.failed.v1', 'NotificationFailed'],
  ['webhook-events', 'orderly.webhook-endpoint.disabled.v1', 'WebhookEndpointDisabled'],
];

describe('the events of the platform', () => {
  it('are these, under these topics, types and names', () => {
    expect(eventDefinitions.map(({ topic, type, name }) => [topic, type, name])).toEqual(published);
  });

  it('are all that the package exports, each under its name', () => {
    const exported = Object.entries(contracts).filter(
      ([, value]) => typeof value === 'object' && 'dataschema' in value,
    );

    const byName = (definitions: readonly (readonly [string, unknown])[]) =>
      [...definitions].sort(([one], [other]) => one.localeCompare(other));
    expect(byName(exported)).toEqual(byName(eventDefinitions.map((event) => [event.name, event])));
  });

  it('have their types listed by topic for publishers', () => {
    const listed = Object.entries(eventTypes).flatMap(([topic, types]) => types.map((type) => [topic, type]));

    expect(listed).toEqual(published.map(([topic, type]) => [topic, type]));
  });

  describe.each(
    eventDefinitions.map((definition): [string, EventDefinition] => [definition.name, definition]),
  )('%s', (_name, definition) => {
    const event = sampleEvent(definition);

    it('accepts its sample unchanged, and parseEvent reads it', () => {
      expect(parse(definition.schema, event)).toEqual({ outcome: 'valid', value: event });
      expect(parseEvent(JSON.stringify(event))).toEqual({ outcome: 'event', event });
    });

    it('keeps the mark of a replay, which is a boolean', () => {
      const replayed = { ...event, orderlyreplay: true };

      expect(parse(definition.schema, replayed)).toEqual({ outcome: 'valid', value: replayed });
      expect(parse(definition.schema, { ...event, orderlyreplay: 'true' })).toMatchObject({
        outcome: 'invalid',
        issues: [{ path: '/orderlyreplay' }],
      });
    });

    it('drops unknown fields in the envelope and in the data', () => {
      const newer = { ...event, partitionkey: 'p', data: { ...Object(event.data), addedLater: 1 } };

      expect(parse(definition.schema, newer)).toEqual({ outcome: 'valid', value: event });
    });

    const optional = ['reference', 'metadata'];

    it('accepts data without the optional fields', () => {
      const data = Object.fromEntries(
        Object.entries(Object(event.data)).filter(([field]) => !optional.includes(field)),
      );

      expect(parse(definition.schema, { ...event, data })).toEqual({
        outcome: 'valid',
        value: { ...event, data },
      });
    });

    it.each(Object.keys(Object(event.data)).filter((field) => !optional.includes(field)))(
      'refuses data without %s and names it',
      (field) => {
        const { [field]: _dropped, ...rest } = Object(event.data);

        const parsed = parse(definition.schema, { ...event, data: rest });

        expect(parsed).toMatchObject({ outcome: 'invalid', issues: [{ path: `/data/${field}` }] });
      },
    );

    it('refuses the type of another event', () => {
      expect(parse(definition.schema, { ...event, type: 'orderly.order.lost.v1' })).toMatchObject({
        outcome: 'invalid',
        issues: [{ path: '/type' }],
      });
    });
  });
});

describe('defineEvent', () => {
  const schema = ProductUpserted.schema;

  it('makes an event with its type and schema', () => {
    const { data } = sampleEvent(ProductUpserted);

    expect(ProductUpserted.of(data)).toEqual({
      type: 'orderly.product.upserted.v1',
      dataschema: 'urn:orderly:schemas:orderly.product.upserted.v1.json',
      data,
    });
  });

  it.each([
    ...'order.placed.v1 orderly.order.placed orderly.order.placed.v0 orderly.order.placed.v01'.split(' '),
    ...'orderly.Order.placed.v1 orderly.order.v1 orderly.order.line.added.v1'.split(' '),
    ...['orderly.order.placed.v1 ', ''],
  ])('refuses the type "%s", which is not orderly.<aggregate>.<what happened>.v<major>', (type) => {
    expect(() => defineEvent({ topic: 'order-events', type, data: schema })).toThrow(
      new TypeError(`Event type "${type}" is not of the form orderly.<aggregate>.<what happened>.v<major>`),
    );
  });
});

describe('eventName', () => {
  it.each([
    ['orderly.order.placed.v1', 'OrderPlaced'],
    ['orderly.stock.released.v23', 'StockReleased'],
    ['com.example.order.placed', 'com.example.order.placed'],
    ['', ''],
  ])('of "%s" is "%s"', (type, name) => {
    expect(eventName(type)).toBe(name);
  });
});
