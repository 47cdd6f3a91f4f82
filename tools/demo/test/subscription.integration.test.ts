import { CreateQueueCommand, ListQueuesCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { startTestEmulators, type TestEmulators } from '@orderly/local/testing';
import { messagesIn } from '../src/queues.ts';
import { settle } from '../src/settle.ts';
import { awaitQuiet } from '../src/settling.ts';
import { type Subscription, subscribe } from '../src/subscription.ts';

const { signal } = new AbortController();
let emulators: TestEmulators;
let sqs: SQSClient;

beforeAll(async () => {
  emulators = await startTestEmulators();
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  sqs = new SQSClient({ endpoint: emulators.sqs, region: 'eu-central-1', credentials });
});

afterAll(async () => {
  sqs.destroy();
  await emulators.stop();
});

const queues = async (prefix: string): Promise<string[]> => {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: prefix }));
  return QueueUrls;
};

const send = async (QueueUrl: string | undefined, id: string, deduplication = id): Promise<void> => {
  const event = { id, type: 'orderly.order.placed.v1', subject: `order-${id}` };
  await sqs.send(
    new SendMessageCommand({
      QueueUrl,
      MessageBody: JSON.stringify(event),
      MessageGroupId: event.subject,
      MessageDeduplicationId: deduplication,
    }),
  );
};

const arrived = (subscription: Subscription, count: number): Promise<boolean> =>
  settle(() => count - (subscription.counts()['orderly.order.placed.v1'] ?? 0), { signal, stallMs: 60_000 });

it('a subscription gets what is sent to its queues, counts it once, and leaves no queue behind', async () => {
  const subscription = await subscribe(sqs, 'sub', 'run1');
  const [orders] = await queues('sub-order-events--');
  expect(orders).toMatch(/sub-order-events--demo-run1\.fifo$/);
  expect(await queues('sub-')).toHaveLength(3);
  for (const id of ['1', '2', '3']) await send(orders, id);
  await send(orders, '3', 'sent-again');
  await send(orders, '4');
  expect(await arrived(subscription, 4)).toBe(true);
  expect(await settle(() => 1 - subscription.duplicates(), { signal, stallMs: 60_000 })).toBe(true);
  await subscription.close();
  expect(await queues('sub-')).toEqual([]);
});

it('messages are counted per queue, and the platform is quiet when its own queues are empty', async () => {
  const create = async (QueueName: string): Promise<string | undefined> =>
    (await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { FifoQueue: 'true' } }))).QueueUrl;
  const own = await create('cnt-order-events--inventory.fifo');
  const foreign = await create('cnt-order-events--analytics.fifo');
  await send(foreign, '1');
  expect(await awaitQuiet(sqs, 'cnt', { signal, stallMs: 60_000 })).toBe(true);
  await send(own, '1');
  await send(own, '2');
  expect(await messagesIn(sqs, 'cnt-')).toEqual(
    new Map([
      ['cnt-order-events--analytics.fifo', 1],
      ['cnt-order-events--inventory.fifo', 2],
    ]),
  );
  expect(await awaitQuiet(sqs, 'cnt', { signal, stallMs: 300 })).toBe(false);
});
