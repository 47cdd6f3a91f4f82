import { type Message, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { messageGroupOf } from '@orderly/functions/aws/publishing/message-group';
import type { Redriven } from '../src/dead-letters/redrive.ts';
import type { ShownQueue } from '../src/dead-letters/showing.ts';
import { bodiesOf, orderEvent, TestStage } from './stage.ts';

let stage: TestStage;
beforeEach(() => {
  stage = new TestStage();
});

describe('a dead letter of a consumer', () => {
  let queues: { inbox: string; dead: string };
  beforeEach(async () => {
    queues = await stage.createSubscription('order-events--inventory.fifo');
  });

  it('goes back to its queue and message group, oldest first, within the deduplication time', async () => {
    const bodies = ['one', 'two', 'three'];
    // A hash, as SQS refuses this subject.
    const group = messageGroupOf('Größe 42');
    for (const body of bodies) await stage.send(queues.inbox, body, { group, attributes: { tenant: 'a' } });
    await stage.failAll(queues, 3);

    const [redriven] = await stage.json<Redriven[]>('dlq', 'redrive', 'order-events--inventory', '--all');

    expect(redriven).toMatchObject({ moved: 3, unsent: [] });
    const back = await stage.drain(queues.inbox);
    expect(bodiesOf(back)).toEqual(bodies);
    expect(back.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual(bodies.map(() => group));
    expect(back[0]?.MessageAttributes).toEqual({ tenant: { DataType: 'String', StringValue: 'a' } });
    expect(await stage.messagesIn(queues.dead)).toBe(0);
  });

  it('goes back again after another failure', async () => {
    await stage.send(queues.inbox, 'stubborn');

    for (let round = 0; round < 2; round++) {
      await stage.failAll(queues, 1);
      await stage.json('dlq', 'redrive', '--all');
      expect([await stage.messagesIn(queues.inbox), await stage.messagesIn(queues.dead)]).toEqual([1, 0]);
    }
  });

  it('goes back, too, when another command holds it for a while, such as a redrive that was killed', async () => {
    for (const group of ['a', 'b']) await stage.send(queues.inbox, group, { group });
    await stage.failAll(queues, 2);
    const held = { QueueUrl: queues.dead, MaxNumberOfMessages: 1, VisibilityTimeout: 2 };
    await stage.sqs.send(new ReceiveMessageCommand(held));

    const [redriven] = await stage.json<Redriven[]>('dlq', 'redrive', '--all');

    expect(redriven).toMatchObject({ moved: 2, unsent: [] });
    expect(await stage.messagesIn(queues.dead)).toBe(0);
  });

  it('goes back alone when it is selected by id', async () => {
    const ids: string[] = [];
    for (const group of ['a', 'b', 'c']) ids.push(await stage.send(queues.inbox, group, { group }));
    await stage.failAll(queues, 3);

    await stage.json('dlq', 'redrive', '--message', ids[0] ?? '', '--message', ids[2] ?? '');

    expect(bodiesOf(await stage.drain(queues.inbox))).toEqual(['a', 'c']);
    expect(bodiesOf(await stage.drain(queues.dead))).toEqual(['b']);
  });

  it('goes to another queue with --to, and keeps to --rate', async () => {
    const other = await stage.createQueue('repair.fifo');
    for (const group of ['a', 'b', 'c']) await stage.send(queues.dead, group, { group });

    const started = Date.now();
    await stage.json(
      ...['dlq', 'redrive', 'order-events--inventory', '--all'],
      ...['--rate', '2', '--to', `${stage.name}-repair.fifo`],
    );

    expect(bodiesOf(await stage.drain(other))).toEqual(['a', 'b', 'c']);
    expect(Date.now() - started).toBeGreaterThan(1_000);
  });

  it('stays when its queue is gone, and the command fails', async () => {
    const dead = await stage.createQueue('dlq--order-events--gone.fifo');
    await stage.send(dead, 'orphan');

    const { code, out, err } = await stage.orderly('dlq', 'redrive', '--all');

    expect(code).toBe(1);
    expect(out).toContain(
      `there is no queue ${stage.name}-order-events--gone.fifo any more; name another one`,
    );
    expect(err).toContain('orderly: 1 message left in dead-letter queues.');
    expect(bodiesOf(await stage.drain(dead))).toEqual(['orphan']);
  });

  it('stays with --dry-run', async () => {
    await stage.send(queues.dead, 'a');

    const { code, out } = await stage.orderly('dlq', 'redrive', '--all', '--dry-run');

    expect([code, out]).toEqual([0, expect.stringContaining('would put back 1 that can be seen now, of 1')]);
    expect([await stage.messagesIn(queues.inbox), await stage.messagesIn(queues.dead)]).toEqual([0, 1]);
  });

  it('that does not exist is an error when it is selected by id', async () => {
    const { code, err } = await stage.orderly('dlq', 'redrive', '--message', 'no-such-id');

    expect([code, err]).toEqual([1, expect.stringContaining('orderly: Not found: no-such-id.')]);
  });
});

it('a wake-up is shown as what it is, goes back to its service, and is of no subscription', async () => {
  const { inbox, dead } = await stage.createSubscription('webhooks--deliveries');
  const ids = [await stage.send(dead, '{"endpointId":"a"}'), await stage.send(dead, '{"endpointId":"b"}')];

  const [shown] = await stage.json<ShownQueue[]>('dlq', 'show', 'webhooks--deliveries');
  const ofSubscription = await stage.json<Redriven[]>(
    'dlq',
    'redrive',
    '--all',
    '--subscription',
    'webhooks',
  );
  const one = await stage.json<Redriven[]>('dlq', 'redrive', '--message', ids[0] ?? '');
  const rest = await stage.json<Redriven[]>('dlq', 'redrive', '--all');

  expect(shown).toMatchObject({ kind: 'wake-ups' });
  const reason = expect.stringMatching(/^a wake-up of webhooks for itself, no event/);
  expect(shown?.letters.map(({ event, reason: why }) => [event, why])).toEqual([
    [undefined, reason],
    [undefined, reason],
  ]);
  expect(ofSubscription).toEqual([]);
  expect([...one, ...rest].map(({ moved }) => moved)).toEqual([1, 1]);
  expect(bodiesOf(await stage.drain(inbox)).toSorted()).toEqual(['{"endpointId":"a"}', '{"endpointId":"b"}']);
});

describe('a parked event', () => {
  let parked: string;
  beforeEach(async () => {
    parked = await stage.createQueue('dlq--order-events.fifo');
  });

  /** A topic whose two subscriptions have refused two events each. */
  async function parkedForTwo() {
    const first = await stage.createQueue('order-events--first.fifo');
    const second = await stage.createQueue('order-events--second.fifo');
    const events = [orderEvent('order', 1), orderEvent('order', 2)];
    for (const event of events) {
      for (const target of [first, second]) {
        const attributes = { target, reason: 'refused' };
        const id = `${event.id}:${target === first ? '1' : '2'}`;
        await stage.send(parked, JSON.stringify(event), { group: event.subject, id, attributes });
      }
    }
    return { first, second, events };
  }

  it('goes to the subscription that refused it, under its own id and without the notes of the publisher', async () => {
    const { first, second, events } = await parkedForTwo();

    const [redriven] = await stage.json<Redriven[]>('dlq', 'redrive', 'order-events', '--all');

    expect(redriven?.moved).toBe(4);
    for (const queue of [first, second]) {
      const got = await stage.drain(queue);
      expect(got.map(({ Body = '' }) => JSON.parse(Body))).toEqual(events);
      expect(got.map(({ Attributes }) => Attributes?.MessageDeduplicationId)).toEqual(
        events.map(({ id }) => id),
      );
      expect(got.map(({ MessageAttributes }) => MessageAttributes)).toEqual([undefined, undefined]);
    }
    expect(await stage.messagesIn(parked)).toBe(0);
  });

  it('goes back alone with --subscription, and those of other subscriptions stay in order', async () => {
    const { first, second, events } = await parkedForTwo();

    const [redriven] = await stage.json<Redriven[]>('dlq', 'redrive', '--all', '--subscription', 'first');

    expect(redriven?.moved).toBe(2);
    const parse = ({ Body = '' }: Message): unknown => JSON.parse(Body);
    expect((await stage.drain(first)).map(parse)).toEqual(events);
    expect(await stage.messagesIn(second)).toBe(0);
    await stage.json('dlq', 'redrive', '--all');
    const late = await stage.drain(second);
    expect(late.map(parse)).toEqual(events);
    expect(late.map(({ Attributes }) => Attributes?.MessageDeduplicationId)).toEqual(
      events.map(({ id }) => id),
    );
    expect(await stage.messagesIn(parked)).toBe(0);
  });

  it('stays when it is refused again, with those behind it, and other groups go on', async () => {
    const target = await stage.createQueue('order-events--small.fifo', { MaximumMessageSize: '1024' });
    const attributes = { target, reason: 'refused' };
    const [large, small] = ['x'.repeat(2_000), 'small'];
    await stage.send(parked, large, { group: 'a', attributes });
    await stage.send(parked, small, { group: 'a', attributes });
    await stage.send(parked, 'other', { group: 'b', attributes });

    const { code, out } = await stage.orderly('dlq', 'redrive', '--all');

    expect([code, out]).toEqual([1, expect.stringContaining('Message must be shorter than 1024 bytes')]);
    expect(bodiesOf(await stage.drain(target))).toEqual(['other']);
    expect(bodiesOf(await stage.drain(parked))).toEqual([large, small]);
  });

  it('goes to a standard queue, too', async () => {
    const target = await stage.createQueue('order-events--audit');
    await stage.send(parked, 'event', { attributes: { target, reason: 'refused' } });

    await stage.json('dlq', 'redrive', '--all');

    expect(bodiesOf(await stage.drain(target))).toEqual(['event']);
  });
});
