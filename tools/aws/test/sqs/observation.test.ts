import type { MessageChange } from '../../sqs/observation.ts';
import { range, SqsUnderTest } from './sqs-under-test.ts';

let sqs: SqsUnderTest;
let changes: string[];

beforeEach(() => {
  sqs = new SqsUnderTest();
  changes = [];
  sqs.sqs.onMessage(({ what, queue, body, receiveCount }: MessageChange) =>
    changes.push(`${queue}: ${body} ${what} ${receiveCount}`),
  );
});
afterEach(() => sqs.sqs.close());

it('An observer sees the way of a message from its send to its end', async () => {
  const url = await sqs.create('orders');
  await sqs.send(url, 'a');
  await sqs.receiveOne(url, { VisibilityTimeout: 0 });
  await sqs.delete(url, await sqs.receiveOne(url));

  expect(changes).toEqual([
    'orders: a sent 0',
    'orders: a received 1',
    'orders: a returned 1',
    'orders: a received 2',
    'orders: a deleted 2',
  ]);
});

it('An observer sees a message that becomes a dead letter', async () => {
  const { queue } = await sqs.createWithDeadLetters('orders', 1);
  await sqs.send(queue, 'a');
  await sqs.receiveOne(queue, { VisibilityTimeout: 0 });
  await sqs.receive(queue);

  expect(changes.slice(-2)).toEqual(['dead-orders: a sent 1', 'orders: a dead-lettered 1']);
});

it('An observer sees what a sender has noted beside a message', async () => {
  const targets: unknown[] = [];
  sqs.sqs.onMessage(({ attributes }) => targets.push(attributes.get('target')?.value));
  const url = await sqs.create('orders');
  await sqs.send(url, 'a', { MessageAttributes: { target: { DataType: 'String', StringValue: 'billing' } } });

  expect(targets).toEqual(['billing']);
});

it('A queue is summarised with its counts and its policy', async () => {
  const { queue } = await sqs.createWithDeadLetters('orders', 3);
  await sqs.call('TagQueue', { QueueUrl: queue, Tags: { team: 'a' } });
  for (const index of range(3)) await sqs.send(queue, String(index), { DelaySeconds: index === 0 ? 9 : 0 });
  await sqs.receiveOne(queue);

  const summary = sqs.sqs.queues().find(({ name }) => name === 'orders');
  expect(summary).toMatchObject({ visible: 1, inFlight: 1, delayed: 1, maxReceiveCount: 3 });
  expect(summary).toMatchObject({ deadLetterQueue: 'dead-orders', oldestSentAt: sqs.clock.now() });
  expect([...(summary?.tags ?? [])]).toEqual([['team', 'a']]);
});

it('A disturbed queue fails, delays and doubles until the disturbance ends', async () => {
  const url = await sqs.create('orders.fifo');
  const failing = sqs.sqs.faults.disturb('orders.fifo', { fail: true });
  expect(await sqs.refusal('ReceiveMessage', { QueueUrl: url })).toMatchObject({
    code: 'ServiceUnavailable',
  });
  failing.end();
  expect(failing.struck).toBe(1);
  const doubling = sqs.sqs.faults.disturb('orders.fifo', { duplicate: true, delayMs: 1_000 });
  await sqs.sendTo(url, 'g', 'a');
  expect(await sqs.receiveBodies(url)).toEqual([]);
  sqs.clock.advance(1_000);

  expect(await sqs.receiveBodies(url)).toEqual(['a', 'a']);
  doubling.end();
  await sqs.sendTo(url, 'h', 'b');
  expect(await sqs.receiveBodies(url)).toEqual(['b']);
});
