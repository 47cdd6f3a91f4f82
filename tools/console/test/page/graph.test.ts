import { type Box, graphModel, layOutGraph } from '../../page/model/graph.ts';
import type { QueueState, ServiceState, Topology } from '../../src/api.ts';

const service = (name: string): ServiceState => ({
  name,
  state: 'running',
  functions: 8,
  invocations: 0,
  errors: 0,
});

const queue = (name: string, more: Partial<QueueState>): QueueState => ({
  name,
  kind: 'subscription',
  ours: true,
  events: [],
  waiting: 0,
  inFlight: 0,
  delayed: 0,
  sentLastMinute: 0,
  ...more,
});

const subscription = (topic: string, publisher: string, consumer: string): QueueState =>
  queue(`${topic}--${consumer}`, { topic, publisher, consumer });

const services = [service('orders'), service('inventory'), service('notifications')];
const queues = [
  subscription('order-events', 'orders', 'inventory'),
  subscription('order-events', 'orders', 'notifications'),
  subscription('order-events', 'orders', 'loyalty'),
  subscription('inventory-events', 'inventory', 'orders'),
  queue('orders-parked', { kind: 'parked', publisher: 'orders' }),
  queue('order-events--loyalty-dlq', { kind: 'dead-letters', publisher: 'orders', consumer: 'loyalty' }),
];

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe('The graph of the platform', () => {
  it('has the services, who else takes part, and a line for each subscription', () => {
    const { nodes, edges } = graphModel(services, queues, undefined);
    expect(nodes.map(({ name, ours }) => [name, ours])).toEqual([
      ['orders', true],
      ['inventory', true],
      ['notifications', true],
      ['loyalty', false],
    ]);
    expect(edges.map(({ from, queue: name, to }) => [from, name, to])).toEqual([
      ['orders', 'order-events--inventory', 'inventory'],
      ['orders', 'order-events--notifications', 'notifications'],
      ['orders', 'order-events--loyalty', 'loyalty'],
      ['inventory', 'inventory-events--orders', 'orders'],
    ]);
    expect(nodes[0]?.ownQueues).toEqual(['orders-parked']);
  });

  it('marks a service with what it could not publish and with its failed wake-ups', () => {
    const topology: Topology = {
      topics: [{ topic: 'order-events', publisher: 'orders', subscriptions: [] }],
      stuck: [],
    };
    const own = [
      queue('parked', { kind: 'parked', topic: 'order-events' }),
      queue('wake-ups', { kind: 'wake-ups', consumer: 'orders' }),
      queue('failed-wake-ups', { kind: 'dead-letters', consumer: 'orders' }),
      queue('dead-letters', { kind: 'dead-letters', topic: 'inventory-events', consumer: 'orders' }),
    ];
    const { nodes, edges } = graphModel([service('orders')], own, topology);
    expect(nodes.map(({ name, ownQueues }) => [name, ownQueues])).toEqual([
      ['orders', ['parked', 'failed-wake-ups']],
    ]);
    expect(edges).toEqual([]);
  });

  it('takes the publisher of a topic from the topology, and the topic itself where nobody knows it', () => {
    const topology: Topology = {
      topics: [{ topic: 'price-events', publisher: 'pricing', subscriptions: [] }],
      stuck: [],
    };
    const ofOthers = [
      queue('price-events--orders', { topic: 'price-events', consumer: 'orders' }),
      queue('tax-events--orders', { topic: 'tax-events', consumer: 'orders' }),
    ];
    const { edges } = graphModel(services, ofOthers, topology);
    expect(edges.map(({ from }) => from)).toEqual(['pricing', 'tax-events']);
  });

  it('is laid out without boxes that overlap, with two curves for each subscription', () => {
    const layout = layOutGraph(graphModel(services, queues, undefined));
    const boxes = [...layout.nodes.values(), ...layout.queues.values()];
    const overlaps = boxes.filter((box, n) => boxes.slice(n + 1).some((other) => overlap(box, other)));
    expect(overlaps).toEqual([]);
    for (const { x, y, width, height } of boxes) {
      expect(Math.min(x, y)).toBeGreaterThanOrEqual(0);
      expect(x + width).toBeLessThanOrEqual(layout.width);
      expect(y + height).toBeLessThanOrEqual(layout.height);
    }
    expect([...layout.paths.keys()]).toEqual(queues.slice(0, 4).map(({ name }) => name));
    for (const { into, out } of layout.paths.values()) expect(`${into} ${out}`).not.toMatch(/NaN|undefined/);
  });

  it('is empty where nothing is known', () => {
    expect(layOutGraph(graphModel([], [], undefined)).nodes.size).toBe(0);
  });
});
