import type { ShownQueue } from '../src/dead-letters/showing.ts';
import { bodiesOf, orderEvent, TestStage } from './stage.ts';

describe('orderly dlq list', () => {
  it('counts the messages in every dead-letter queue of the stage, and of no other stage', async () => {
    const [stage, other] = [new TestStage(), new TestStage()];
    await other.send(await other.createQueue('dlq--order-events.fifo'), 'x');
    await stage.createQueue('dlq--order-events--stream');
    await stage.send(await stage.createQueue('dlq--order-events.fifo'), 'parked');
    await stage.createSubscription('order-events--inventory.fifo');

    const queues = await stage.json<{ name: string; kind: string; messages: number; oldestAge: null }[]>(
      'dlq',
      'list',
    );
    const { out } = await stage.orderly('dlq', 'list');

    expect(queues.map(({ name, kind, messages }) => [name, kind, messages])).toEqual([
      [`${stage.name}-dlq--order-events--inventory.fifo`, 'subscription', 0],
      [`${stage.name}-dlq--order-events--stream`, 'stream', 0],
      [`${stage.name}-dlq--order-events.fifo`, 'parked', 1],
    ]);
    expect(out).toMatch(/dlq--order-events\.fifo +parked +1 +unknown/);
    expect(out).toContain('1 dead letter;');
  });

  it('fails with one line for a stage that has no queues', async () => {
    const { code, out, err } = await new TestStage().orderly('dlq', 'list');

    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(/orderly: Stage t\w+ has no dead-letter queue here\. Is it deployed.*\n$/);
  });
});

describe('orderly dlq show', () => {
  const stage = new TestStage();

  it('shows each message of a subscription whole, with the reason of its failure', async () => {
    const queues = await stage.createSubscription('order-events--inventory.fifo');
    const [good, poison] = [JSON.stringify(orderEvent('good')), '{"type":'];
    const unknown = JSON.stringify({ ...orderEvent('future'), type: 'orderly.order.placed.v9' });
    const ids = [
      await stage.send(queues.inbox, good, { group: 'a' }),
      await stage.send(queues.inbox, poison, { group: 'b' }),
      await stage.send(queues.inbox, unknown, { group: 'c' }),
    ];
    await stage.failAll(queues, 3);

    const [shown] = await stage.json<ShownQueue[]>('dlq', 'show', 'order-events--inventory');

    expect(shown?.notSeen).toBe(0);
    expect(shown?.letters.map(({ messageId, body }) => [messageId, body])).toEqual([
      [ids[0], good],
      [ids[1], poison],
      [ids[2], unknown],
    ]);
    expect(shown?.letters.map(({ reason }) => reason)).toEqual([
      `it keeps its contract, so the consumer failed: look for ${ids[0]} in its log`,
      'breaks its contract: Invalid JSON',
      'orderly.order.placed.v9 is a type that the contracts here do not know',
    ]);
    expect(shown?.letters[0]?.event).toMatchObject({
      type: 'orderly.order.placed.v1',
      subject: 'good',
      sequence: 1,
    });
    expect(shown?.letters[1]?.event).toBeUndefined();
    expect(Math.abs(Date.now() - Date.parse(shown?.letters[0]?.failedAt ?? ''))).toBeLessThan(60_000);
  });

  it('shows the target and the reason of a parked event', async () => {
    const parked = await stage.createQueue('dlq--order-events.fifo');
    const target = 'http://sqs.test/1/t-order-events--mine.fifo';
    const attributes = { target, reason: 'InvalidParameterValue: too long' };
    await stage.send(parked, JSON.stringify(orderEvent()), { attributes });

    const [shown] = await stage.json<ShownQueue[]>('dlq', 'show', `${stage.name}-dlq--order-events.fifo`);
    const { out } = await stage.orderly('dlq', 'show', 'order-events');

    expect(shown?.letters).toMatchObject([attributes]);
    expect(out).toContain('InvalidParameterValue: too long');
    expect(out).toContain(target);
  });

  it('leaves every message visible and in order, and counts those that it could not see', async () => {
    const queue = await stage.createQueue('dlq--order-events--ordered.fifo');
    const bodies = ['one', 'two', 'three'];
    for (const body of bodies) await stage.send(queue, body);

    for (let look = 0; look < 3; look++) {
      const [shown] = await stage.json<ShownQueue[]>('dlq', 'show', 'order-events--ordered');
      expect(shown?.letters.map(({ body }) => body)).toEqual(bodies.slice(0, shown?.letters.length));
      expect((shown?.letters.length ?? 0) + (shown?.notSeen ?? 0)).toBe(3);
    }

    expect(bodiesOf(await stage.drain(queue))).toEqual(bodies);
  });

  it('reads up to --limit messages', async () => {
    const queue = await stage.createQueue('dlq--order-events--many.fifo');
    for (const group of ['a', 'b', 'c']) await stage.send(queue, group, { group });

    const [shown] = await stage.json<ShownQueue[]>('dlq', 'show', 'order-events--many', '--limit', '2');

    expect([shown?.letters.length, shown?.notSeen]).toEqual([2, 1]);
    expect(await stage.drain(queue)).toHaveLength(3);
  });

  it('shows no control character of a message to the terminal', async () => {
    const queue = await stage.createQueue('dlq--order-events--hostile.fifo');
    await stage.send(queue, '\t\u009b31m poison');

    const { out } = await stage.orderly('dlq', 'show', 'order-events--hostile');

    expect(out).toContain('\\u0009\\u009b31m poison');
  });

  it('names the existing queues when a queue does not exist', async () => {
    const { code, err } = await stage.orderly('dlq', 'show', 'no-such-queue');

    expect(code).toBe(1);
    expect(err).toContain(`There is no dead-letter queue no-such-queue in stage ${stage.name}. There are: `);
    expect(err).toContain('order-events--inventory');
  });
});
