import type { Topology } from '../src/topology/topology.ts';
import { TestStage } from './stage.ts';

const wakeUp = '{"endpointId":"0f3c1c8e-5a0b-4a57-9d1e-6f1d2b3c4d5e"}';
const idle = { unknownEvents: [], visible: 0, inFlight: 0, delayed: 0, oldestAge: null };

describe('orderly topology', () => {
  const stage = new TestStage();

  beforeAll(async () => {
    const { dead } = await stage.createSubscription(
      'order-events--inventory.fifo',
      'OrderPlaced OrderShipped',
    );
    await stage.send(dead, 'dead');
    const audit = await stage.createQueue('order-events--audit');
    await stage.send(audit, 'waiting');
    await stage.createQueue('dlq--order-events.fifo');
  });

  it('shows the publisher, the subscriptions, the waiting messages and the dead letters of each topic', async () => {
    const { topics } = await stage.json<Topology>('topology');

    expect(topics.map(({ topic, publisher }) => [topic, publisher])).toEqual([
      ['order-events', 'orders'],
      ['inventory-events', 'inventory'],
      ['notification-events', 'notifications'],
      ['webhook-events', 'webhooks'],
    ]);
    expect(topics[0]).toMatchObject({ parked: 0, streamFailures: null });
    expect(topics[0]?.subscriptions).toEqual([
      {
        queue: `${stage.name}-order-events--audit`,
        consumer: 'audit',
        ...{ ...idle, events: [], visible: 1, deadLetters: null },
      },
      {
        queue: `${stage.name}-order-events--inventory.fifo`,
        consumer: 'inventory',
        ...{ ...idle, events: ['OrderPlaced', 'OrderShipped'], deadLetters: 1 },
      },
    ]);
  });

  it('shows the wake-ups of a service apart from the topics', async () => {
    const stage = new TestStage();
    const { inbox, dead } = await stage.createSubscription('webhooks--deliveries');
    await stage.send(inbox, wakeUp);
    await stage.send(dead, wakeUp);

    const { topics, wakeUps } = await stage.json<Topology>('topology');
    const { out: table } = await stage.orderly('topology');
    const { out: chart } = await stage.orderly('topology', '--mermaid');

    expect(topics.flatMap(({ subscriptions }) => subscriptions)).toEqual([]);
    expect(wakeUps).toEqual([
      {
        ...{ queue: `${stage.name}-webhooks--deliveries`, service: 'webhooks' },
        ...{ visible: 1, inFlight: 0, delayed: 0, oldestAge: null, deadLetters: 1 },
      },
    ]);
    expect(table).toMatch(/^\(wake-ups\) +webhooks +webhooks +no events +1 +0 +0 +unknown +1$/m);
    expect(chart).toContain('w0 -.-> w0dead[("1 failed")]');
  });

  it('prints a table', async () => {
    const { out } = await stage.orderly('topology');

    expect(out).toMatch(/^order-events +orders +audit \(no order\) +all +1 +0 +0 +unknown +no queue$/m);
    expect(out).toMatch(/^ +inventory +OrderPlaced +0 +0 +0 +- +1$/m);
  });

  it('marks the selected events that the topic does not have', async () => {
    const stage = new TestStage();
    await stage.createQueue(
      'order-events--typo.fifo',
      {},
      { 'orderly:events': 'OrderShiped\u00a0orderly.order.placed.v1  OrderPlaced StockReserved' },
    );

    const { out } = await stage.orderly('topology');
    const { topics } = await stage.json<Topology>('topology');

    expect(out).toMatch(/^order-events +orders +typo +OrderShiped \(unknown\) +0/m);
    expect(topics[0]?.subscriptions).toEqual([
      expect.objectContaining({
        events: ['OrderShiped', 'orderly.order.placed.v1', 'OrderPlaced', 'StockReserved'],
        unknownEvents: ['OrderShiped', 'StockReserved'],
      }),
    ]);
  });

  it('prints a flowchart with --mermaid', async () => {
    const { out } = await stage.orderly('topology', '--mermaid');

    expect(out).toMatch(/^flowchart LR\n/);
    expect(out).toContain(`t0q1[["${stage.name}-order-events--inventory.fifo<br>0 waiting"]]`);
    expect(out).toContain('t0q1 -.-> t0q1dead[("1 failed")]');
  });

  it('fails with one line for a stage that does not exist', async () => {
    const { code, err } = await new TestStage().orderly('topology');

    expect([code, err]).toEqual([1, expect.stringMatching(/orderly: Stage t\w+ has no queue here\./)]);
  });
});
