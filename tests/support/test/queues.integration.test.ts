import { SQSClient } from '@aws-sdk/client-sqs';
import { eventTypes } from '@orderly/contracts';
import { Queues } from '../src/queues.ts';
import { awaitQuiet, settle } from '../src/quiet.ts';
import { Subscription, withoutDuplicates } from '../src/subscriber.ts';

const sqs = new SQSClient({});
afterAll(() => sqs.destroy());

const event = (id: string): string =>
  JSON.stringify({ id, type: 'orderly.order.placed.v1', subject: `order-${id}` });

it('a subscription gets what is sent to its queues, duplicates too, and leaves no queue behind', async () => {
  const queues = new Queues(sqs, 'sub');
  const subscription = await Subscription.open(queues, { subscriber: 'team-run1.fifo' });
  const [url = ''] = await queues.list('order-events--');
  expect(url).toMatch(/sub-order-events--team-run1\.fifo$/);
  expect(await queues.list()).toHaveLength(Object.keys(eventTypes).length);

  for (const id of ['1', '2', '3', '3', '4']) await queues.send(url, event(id), `order-${id}`);

  expect(await settle(() => 5 - subscription.events.length, { stallMs: 60_000 })).toBe(true);
  expect(withoutDuplicates(subscription.events).map(({ id }) => id)).toHaveLength(4);
  await subscription.remove();
  expect(await queues.list()).toEqual([]);
});

it('messages are counted per queue, and the platform is quiet when its own queues are empty', async () => {
  const queues = new Queues(sqs, 'cnt');
  const own = await queues.create('order-events--inventory.fifo');
  const foreign = await queues.create('order-events--analytics.fifo');
  await queues.send(foreign, event('1'), '1');
  expect(await awaitQuiet(queues, { stallMs: 60_000 })).toBe(true);

  await queues.send(own, [event('1'), event('2')], '1');

  expect(await queues.messages('')).toEqual(
    new Map([
      ['cnt-order-events--analytics.fifo', 1],
      ['cnt-order-events--inventory.fifo', 2],
    ]),
  );
  expect(await queues.depth(own)).toEqual({ waiting: 2, inFlight: 0 });
  expect(await awaitQuiet(queues, { stallMs: 300 })).toBe(false);
  await queues.empty();
  expect(await awaitQuiet(queues, { stallMs: 60_000 })).toBe(true);
});
