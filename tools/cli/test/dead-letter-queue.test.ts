import { readName } from '../src/dead-letters/dead-letter-queue.ts';

it.each([
  ['dev-dlq--order-events--inventory.fifo', 'inventory', 'dev-order-events--inventory.fifo'],
  ['dev-dlq--order-events--audit', 'audit', 'dev-order-events--audit'],
  ['dev-dlq--order-events--team--two.fifo', 'team--two', 'dev-order-events--team--two.fifo'],
])('the name %s names the subscription of the dead letters', (name, consumer, source) => {
  expect(readName('dev', name)).toEqual({
    name,
    kind: 'subscription',
    topic: 'order-events',
    consumer,
    source,
  });
});

it.each([
  ['dev-dlq--order-events.fifo', 'parked'],
  ['dev-dlq--order-events--stream', 'stream'],
])('the name %s says that the queue is of the publisher: %s', (name, kind) => {
  expect(readName('dev', name)).toEqual({ name, kind, topic: 'order-events' });
});

it('the name of the dead letters of wake-ups names their service and no subscription', () => {
  expect(readName('dev', 'dev-dlq--webhooks--deliveries')).toEqual({
    name: 'dev-dlq--webhooks--deliveries',
    kind: 'wake-ups',
    service: 'webhooks',
    source: 'dev-webhooks--deliveries',
  });
});
