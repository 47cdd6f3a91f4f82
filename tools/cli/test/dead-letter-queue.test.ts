import { readName } from '../src/dead-letters/dead-letter-queue.ts';

it.each([
  [
    'dev-dlq--order-events--inventory.fifo',
    {
      kind: 'subscription',
      topic: 'order-events',
      consumer: 'inventory',
      source: 'dev-order-events--inventory.fifo',
    },
  ],
  [
    'dev-dlq--order-events--audit',
    { kind: 'subscription', topic: 'order-events', consumer: 'audit', source: 'dev-order-events--audit' },
  ],
  [
    'dev-dlq--order-events--team--two.fifo',
    {
      kind: 'subscription',
      topic: 'order-events',
      consumer: 'team--two',
      source: 'dev-order-events--team--two.fifo',
    },
  ],
  ['dev-dlq--order-events.fifo', { kind: 'parked', topic: 'order-events' }],
  ['dev-dlq--order-events--stream', { kind: 'stream', topic: 'order-events' }],
])('the name %s says what is in the queue', (name, expected) => {
  expect(readName('dev', name)).toEqual({ name, ...expected });
});
