import { eventDefinitions, eventTypes, type Topic } from '../src/index.ts';

it('names the types of every topic, as the events are defined', () => {
  const defined = (topic: Topic) =>
    eventDefinitions.filter((definition) => definition.topic === topic).map(({ type }) => type);

  expect(eventTypes).toEqual({
    'order-events': defined('order-events'),
    'inventory-events': defined('inventory-events'),
    'notification-events': defined('notification-events'),
  });
});
