import { readQueueName } from '../src/history/queue-name.ts';

it.each([
  [
    'dev-order-events--inventory.fifo',
    { kind: 'subscription', topic: 'order-events', consumer: 'inventory' },
  ],
  [
    'dev-dlq--order-events--inventory.fifo',
    { kind: 'dead-letters', topic: 'order-events', consumer: 'inventory' },
  ],
  ['dev-dlq--order-events.fifo', { kind: 'parked', topic: 'order-events' }],
  ['dev-dlq--order-events--stream', { kind: 'stream-failures', topic: 'order-events' }],
  ['dev-webhooks--deliveries', { kind: 'wake-ups', consumer: 'webhooks' }],
  ['dev-dlq--webhooks--deliveries', { kind: 'dead-letters', consumer: 'webhooks' }],
  ['dev-reports--nightly', { kind: 'other' }],
  ['test-order-events--inventory.fifo', { kind: 'other' }],
])('the name %s says what the queue is for', (name, parts) => {
  expect(readQueueName('dev', name, ['order-events', 'inventory-events'])).toEqual(parts);
});
