import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type CloudEvent, OrderPlaced, parse } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { outbox } from '../src/messaging/outbox.ts';
import { inRequestContext } from '../src/observability/request-context.ts';
import { orderEvent, streamRecord } from './records.ts';
import { newPublisher, recordsOf } from './topic-under-test.ts';

const sqs = new SQSClient({});
const unchanged = { ...process.env };
// A stage of its own: other test files use the same emulator.
const stage = `s${randomUUID().slice(0, 8)}`;
const parkingName = `${stage}-dlq--order-events.fifo`;
let parking: string;

beforeAll(async () => {
  process.env.STAGE = stage;
  parking = await createQueue(parkingName);
});
afterAll(async () => {
  process.env = unchanged;
  await sqs.send(new DeleteQueueCommand({ QueueUrl: parking }));
  sqs.destroy();
});

let subscriptions: string[] = [];
afterEach(async () => {
  for (const QueueUrl of subscriptions) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  subscriptions = [];
  await drain(parking);
});

async function createQueue(QueueName: string, attributes: Record<string, string> = {}): Promise<string> {
  const Attributes = { FifoQueue: 'true', ...attributes };
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl;
}

async function subscribe(consumer: string, attributes?: Record<string, string>): Promise<string> {
  const url = await createQueue(`${stage}-order-events--${consumer}.fifo`, attributes);
  subscriptions.push(url);
  return url;
}

/** Receives and deletes every message of a queue. */
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
const small = { MaximumMessageSize: '1024' };

it('the publisher delivers the events of an outbox as their contract describes them', async () => {
  const queue = await subscribe('inventory');
  const { data } = sampleEvent(OrderPlaced);
  const sealed = inRequestContext({ correlationId: 'request', causationId: 'cause' }, () =>
    outbox({ subject: data.orderId, sequence: 1 }, [OrderPlaced.of({ ...data })]),
  );
  const record = streamRecord('1', JSON.parse(sealed.events[0]?.body ?? ''));

  const answer = await newPublisher()({ Records: [record] });

  const [message] = eventsOf(await drain(queue));
  expect(answer).toEqual(done);
  expect(parse(OrderPlaced.schema, message)).toMatchObject({
    outcome: 'valid',
    value: { subject: data.orderId, data },
  });
});

it('the publisher delivers an event once, however often its record is retried', async () => {
  const queue = await subscribe('inventory');
  const event = orderEvent('A');
  const again = newPublisher();

  for (const number of ['1', '1', '1']) await again({ Records: [streamRecord(number, event)] });

  expect(eventsOf(await drain(queue))).toEqual([event]);
});

// SQS refuses such a subject as a message group.
it('the publisher parks in order what a queue refuses permanently, and delivers it to others', async () => {
  const target = await subscribe('small', small);
  const large = await subscribe('large');
  const tooLarge = [1, 2, 3].map((sequence) =>
    orderEvent('Größe 42 🎁', { sequence, data: 'x'.repeat(1_024) }),
  );
  const fits = orderEvent('B', { data: 'short' });

  const answer = await newPublisher()({ Records: recordsOf(...tooLarge, fits) });

  expect(answer).toEqual(done);
  expect(eventsOf(await drain(target))).toEqual([fits]);
  const delivered = eventsOf(await drain(large));
  expect(delivered.filter(({ subject }) => subject !== 'B')).toEqual(tooLarge);
  expect(delivered).toHaveLength(4);
  const parked = await drain(parking);
  expect(eventsOf(parked)).toEqual(tooLarge);
  expect(parked[0]?.MessageAttributes).toMatchObject({
    target: { StringValue: target },
    reason: { StringValue: expect.stringContaining('must be shorter than 1024 bytes') },
  });
});
