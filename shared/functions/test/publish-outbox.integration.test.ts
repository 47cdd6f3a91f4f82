import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type CloudEvent, OrderPlaced, OrderShipped, parse } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { outbox } from '../src/messaging/outbox.ts';
import { inRequestContext } from '../src/observability/request-context.ts';
import { orderEvent, streamRecord } from './records.ts';
import { newPublisher } from './topic-under-test.ts';

const sqs = new SQSClient({});
const unchanged = { ...process.env };
// A stage of its own: other test files use the same emulator.
const stage = `s${randomUUID().slice(0, 8)}`;
const ttlSeconds = 0.2;
const parkingName = `${stage}-dlq--order-events.fifo`;
let publish: ReturnType<typeof newPublisher>;
let parking: string;

beforeAll(async () => {
  Object.assign(process.env, { STAGE: stage, SUBSCRIPTIONS_TTL_SECONDS: String(ttlSeconds) });
  publish = newPublisher();
  parking = await createQueue(parkingName);
});
afterAll(async () => {
  process.env = unchanged;
  await sqs.send(new DeleteQueueCommand({ QueueUrl: parking }));
  sqs.destroy();
});

let made: string[] = [];
afterEach(async () => {
  for (const QueueUrl of made) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  made = [];
  await drain(parking);
});

async function createQueue(
  name: string,
  { attributes = {}, tags = {} }: { attributes?: Record<string, string>; tags?: Record<string, string> } = {},
): Promise<string> {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const { QueueUrl = '' } = await sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { ...fifo, ...attributes }, tags }),
  );
  return QueueUrl;
}

async function subscribe(consumer: string, options?: Parameters<typeof createQueue>[1]): Promise<string> {
  const url = await createQueue(`${stage}-order-events--${consumer}`, options);
  made.push(url);
  return url;
}

/** Takes every message out of a queue; the order within a group is the queue's. */
async function drain(QueueUrl: string): Promise<Message[]> {
  const all: Message[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
    );
    if (Messages.length === 0) return all;
    for (const { ReceiptHandle } of Messages)
      await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    all.push(...Messages);
  }
}

const eventsOf = (messages: readonly Message[]): CloudEvent[] =>
  messages.map(({ Body = '' }) => JSON.parse(Body));
const done = { batchItemFailures: [] };

/** Publishes until a queue has got something: subscriptions are known for a while, then looked up again. */
async function publishUntilReceived(queue: string, record: Parameters<typeof streamRecord>) {
  const deadline = Date.now() + 60_000;
  for (;;) {
    await publish({ Records: [streamRecord(...record)] });
    const messages = await drain(queue);
    if (messages.length > 0 || Date.now() > deadline) return messages;
  }
}

/** Has the publisher know the queues that exist now: it is new, so it has looked up nothing yet. */
const freshPublisher = newPublisher;

it('delivers what a domain wrote to its outbox, as its contract has it', async () => {
  const queue = await subscribe('inventory.fifo');
  const { data } = sampleEvent(OrderPlaced);
  const sealed = inRequestContext({ correlationId: 'flow', causationId: 'cause' }, () =>
    outbox({ subject: data.orderId, sequence: 1 }, [OrderPlaced.of({ ...data })]),
  );
  const record = streamRecord('1', JSON.parse(sealed.events[0]?.body ?? ''));

  const answer = await freshPublisher()({ Records: [record] });

  const [message] = eventsOf(await drain(queue));
  expect(answer).toEqual(done);
  expect(parse(OrderPlaced.schema, message)).toMatchObject({
    ok: true,
    value: { subject: data.orderId, data },
  });
});

it('keeps the order of each aggregate in every queue', async () => {
  const queues = [await subscribe('a.fifo'), await subscribe('b.fifo')];
  const orders = ['A', 'B', 'C', 'D', 'E'];
  const events = Array.from({ length: 12 }, (_, sequence) =>
    orders.map((subject) => orderEvent(subject, { sequence: sequence + 1 })),
  ).flat();

  const Records = events.map((event, index) => streamRecord(String(index), event));
  expect(await freshPublisher()({ Records })).toEqual(done);

  for (const queue of queues) {
    const received = eventsOf(await drain(queue));
    for (const order of orders) {
      const sequences = received.filter(({ subject }) => subject === order).map(({ sequence }) => sequence);
      expect(sequences).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    }
  }
});

it('delivers an event once, however often its record comes again', async () => {
  const queue = await subscribe('inventory.fifo');
  const event = orderEvent('A');
  const again = freshPublisher();

  for (const number of ['1', '1', '1']) await again({ Records: [streamRecord(number, event)] });

  expect(eventsOf(await drain(queue))).toEqual([event]);
});

it('delivers to a queue only what its tag names', async () => {
  const filtered = await subscribe('shipping.fifo', {
    tags: { 'orderly:events': 'OrderShipped OrderCancelled' },
  });
  const everything = await subscribe('audit');
  const [placed, shipped] = [orderEvent('A'), orderEvent('A', { type: OrderShipped.type })];

  await freshPublisher()({ Records: [streamRecord('1', placed, shipped)] });

  expect(eventsOf(await drain(filtered))).toEqual([shipped]);
  expect(eventsOf(await drain(everything))).toHaveLength(2);
});

it('finds a queue that appears while it runs, once the time to live is over', async () => {
  const early = await subscribe('early.fifo');
  const first = orderEvent('A');
  await publishUntilReceived(early, ['1', first]);
  const late = await subscribe('late.fifo');
  const second = orderEvent('B');

  const received = await publishUntilReceived(late, ['2', second]);

  expect(eventsOf(received)).toEqual([second]);
});

it('drops the events of a queue that was deleted, at once', async () => {
  const here = await subscribe('here.fifo');
  const gone = await createQueue(`${stage}-order-events--gone.fifo`);
  const publisher = freshPublisher();
  await publisher({ Records: [streamRecord('1', orderEvent('A'))] });
  await drain(here);
  await sqs.send(new DeleteQueueCommand({ QueueUrl: gone }));
  const event = orderEvent('B');

  const answer = await publisher({ Records: [streamRecord('2', event)] });

  expect(answer).toEqual(done);
  expect(eventsOf(await drain(here))).toEqual([event]);
  expect(await drain(parking)).toEqual([]);
});

it('parks what a queue refuses for good, with target and reason, while others get theirs', async () => {
  const small = await subscribe('small.fifo', { attributes: { MaximumMessageSize: '1024' } });
  const large = await subscribe('large.fifo');
  const [tooLarge, fits] = [orderEvent('A', { data: 'x'.repeat(1_024) }), orderEvent('B', { data: 'short' })];

  const answer = await freshPublisher()({ Records: [streamRecord('1', tooLarge), streamRecord('2', fits)] });

  expect(answer).toEqual(done);
  expect(eventsOf(await drain(small))).toEqual([fits]);
  expect(eventsOf(await drain(large))).toEqual([tooLarge, fits]);
  const parked = await drain(parking);
  expect(eventsOf(parked)).toEqual([tooLarge]);
  expect(parked[0]?.MessageAttributes).toMatchObject({
    target: { StringValue: small },
    reason: { StringValue: expect.stringContaining('must be shorter than 1024 bytes') },
  });
});

it('delivers and parks the events of a subject that SQS does not take as a message group, in their order', async () => {
  const large = await subscribe('large.fifo');
  await subscribe('small.fifo', { attributes: { MaximumMessageSize: '1024' } });
  const events = [1, 2, 3].map((sequence) =>
    orderEvent('Größe 42 🎁', { sequence, data: 'x'.repeat(1_024) }),
  );

  const answer = await freshPublisher()({
    Records: events.map((event, index) => streamRecord(String(index), event)),
  });

  expect(answer).toEqual(done);
  expect(eventsOf(await drain(large))).toEqual(events);
  expect(eventsOf(await drain(parking))).toEqual(events);
});

it('gives back the record of an event that can be neither delivered nor parked', async () => {
  const small = await subscribe('small.fifo', { attributes: { MaximumMessageSize: '1024' } });
  // A stage that has no dead-letter queue.
  Object.assign(process.env, { STAGE: `${stage}-bare`, EXTRA_SUBSCRIPTIONS: small });
  const publisher = freshPublisher();
  Object.assign(process.env, { STAGE: stage, EXTRA_SUBSCRIPTIONS: '' });

  const answer = await publisher({
    Records: [
      streamRecord('1', orderEvent('B', { data: 'short' })),
      streamRecord('2', orderEvent('A', { data: 'x'.repeat(1_024) })),
    ],
  });

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: '2' }] });
});
