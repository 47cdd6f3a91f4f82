import { eventDefinitions, OrderPlaced, parseEvent } from '../src/index.ts';
import { sampleEvent } from '../src/testing.ts';

it.each(eventDefinitions.map((definition) => [definition.name, definition] as const))(
  'reads %s',
  (_name, definition) => {
    const event = sampleEvent(definition);

    expect(parseEvent(JSON.stringify(event))).toEqual({ outcome: 'event', event });
  },
);

it('types the data by the type', () => {
  const parsed = parseEvent(JSON.stringify(sampleEvent(OrderPlaced)));

  const skus =
    parsed.outcome === 'event' && parsed.event.type === OrderPlaced.type
      ? parsed.event.data.lines.map(({ sku }) => sku)
      : [];

  expect(skus).toEqual(['85123A', '71053']);
});

it('tells unknown types from invalid events', () => {
  expect(parseEvent('{"type":"orderly.order.placed.v99"}')).toEqual({
    outcome: 'ignored',
    type: 'orderly.order.placed.v99',
  });
  expect(parseEvent('{"type":"orderly.order.placed.v1"}')).toMatchObject({ outcome: 'invalid' });
});
