import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { systemChance } from '../../aws/chance.ts';
import { systemClock } from '../../aws/clock.ts';
import { MemoryCheckpoints } from '../../aws/event-sources/checkpoints.ts';
import { type EventSources, startEventSources, Wake } from '../../aws/event-sources/index.ts';
import type { SqsMapping } from '../../aws/event-sources/mapping.ts';
import { type AwsClient, connect as connectTo } from '../../aws/protocol/client.ts';
import { LocalFunctions } from '../src/local-functions.ts';
import { type Clients, localClients, startTestEmulators, type TestEmulators } from '../src/testing.ts';
import { eventually } from './eventually.ts';
import { FakeLambda } from './fake-lambda.ts';

const REGION = 'eu-central-1';
const arn = (name: string): string => `arn:aws:sqs:${REGION}:000000000000:${name}`;

let emulators: TestEmulators;
let clients: Clients;
let aws: AwsClient;
let lambda: FakeLambda;
let functions: LocalFunctions;
let sources: EventSources | undefined;
let count = 0;

beforeAll(async () => {
  emulators = await startTestEmulators();
  clients = localClients(emulators, REGION);
  aws = connectTo(emulators, REGION);
}, 60_000);

afterAll(async () => {
  aws.close();
  await emulators.stop();
});

beforeEach(() => {
  lambda = new FakeLambda();
  functions = new LocalFunctions(lambda, () => undefined);
});

afterEach(async () => {
  await Promise.all([functions.stop(), sources?.stop()]);
});

const createQueue = async (
  attributes: Record<string, string> = {},
  suffix = '',
): Promise<{ name: string; url: string }> => {
  count += 1;
  const name = `queue-${count}${suffix}`;
  const { QueueUrl = '' } = await clients.sqs.send(
    new CreateQueueCommand({ QueueName: name, Attributes: { VisibilityTimeout: '1', ...attributes } }),
  );
  return { name, url: QueueUrl };
};

const createFifo = (attributes: Record<string, string> = {}) =>
  createQueue({ FifoQueue: 'true', ContentBasedDeduplication: 'true', ...attributes }, '.fifo');

const connect = async (name: string, settings: Partial<SqsMapping> = {}): Promise<void> => {
  const mapping: SqsMapping = {
    functionName: 'work',
    arn: arn(name),
    batchSize: 10,
    batchWindowMs: 0,
    partialAnswers: true,
    filterPatterns: [],
    maximumConcurrency: 5,
    ...settings,
  };
  sources = await startEventSources(
    { sqs: [mapping], streams: [] },
    {
      clock: systemClock,
      chance: systemChance,
      call: aws.call,
      invoke: functions.invoke,
      checkpoints: new MemoryCheckpoints(),
      wake: new Wake(systemClock),
      region: REGION,
      log: () => undefined,
    },
  );
};

const send = (url: string, body: string, group?: string) =>
  clients.sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: body,
      ...(group === undefined ? {} : { MessageGroupId: group }),
    }),
  );

const sendAll = async (url: string, bodies: readonly string[], group?: string): Promise<void> => {
  const Entries = bodies.map((MessageBody, at) => ({
    Id: String(at),
    MessageBody,
    ...(group === undefined ? {} : { MessageGroupId: group }),
  }));
  await clients.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
};

const left = async (url: string): Promise<number> => {
  const { Attributes = {} } = await clients.sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: url,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  const { ApproximateNumberOfMessages: ready, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes;
  return Number(ready) + Number(hidden);
};

const untilEmpty = (url: string) => eventually(async () => expect(await left(url)).toBe(0));

/** Gives the server the turns it takes to notice what happens on another connection. */
const roundTrips = async (url: string): Promise<void> => {
  for (let n = 0; n < 10; n++) await left(url);
};

it('brings a message to the function within moments, and deletes it', async () => {
  const queue = await createQueue();
  await connect(queue.name);
  await send(queue.url, 'first');
  await untilEmpty(queue.url);
  const latencies: number[] = [];
  for (let n = 0; n < 20; n++) {
    const sent = Date.now();
    await send(queue.url, `message ${n}`);
    await eventually(() => expect(lambda.bodies).toContain(`message ${n}`));
    latencies.push((lambda.calls.at(-1)?.at ?? 0) - sent);
  }
  await untilEmpty(queue.url);
  expect(latencies.sort((a, b) => a - b)[10]).toBeLessThan(100);
});

it('hands over the record that Lambda hands over', async () => {
  const queue = await createFifo();
  await connect(queue.name);
  await send(queue.url, 'body', 'group');
  await eventually(() => expect(lambda.calls).toHaveLength(1));
  expect(lambda.calls[0]).toMatchObject({
    functionName: 'work',
    records: [
      {
        messageId: expect.any(String),
        receiptHandle: expect.any(String),
        body: 'body',
        md5OfBody: expect.stringMatching(/^[0-9a-f]{32}$/),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: expect.any(String),
          MessageGroupId: 'group',
          MessageDeduplicationId: expect.any(String),
          SequenceNumber: expect.any(String),
        },
        messageAttributes: {},
        eventSource: 'aws:sqs',
        eventSourceARN: arn(queue.name),
        awsRegion: REGION,
      },
    ],
  });
});

it('takes no more than the batch size', async () => {
  const queue = await createQueue();
  await sendAll(queue.url, ['a', 'b', 'c', 'd', 'e']);
  await connect(queue.name, { batchSize: 2 });
  await untilEmpty(queue.url);
  expect(lambda.calls.map(({ records }) => records.length).sort()).toEqual([1, 2, 2]);
});

it('waits for a batching window and then takes more than one receive can bring', async () => {
  const queue = await createQueue({ VisibilityTimeout: '30' });
  await connect(queue.name, { batchSize: 15, batchWindowMs: 2_000 });
  await sendAll(
    queue.url,
    Array.from({ length: 8 }, (_, n) => `a${n}`),
  );
  await sendAll(
    queue.url,
    Array.from({ length: 7 }, (_, n) => `b${n}`),
  );
  await untilEmpty(queue.url);
  expect(lambda.calls.map(({ records }) => records.length)).toEqual([15]);
});

it('returns only the failed messages of a partial answer', async () => {
  const queue = await createQueue();
  await sendAll(queue.url, ['good', 'bad']);
  const seen = new Set<string>();
  lambda.behaviour = (records) => ({
    batchItemFailures: records
      .filter(({ body, messageId }) => body === 'bad' && !seen.has(messageId) && seen.add(messageId))
      .map(({ messageId }) => ({ itemIdentifier: messageId })),
  });
  await connect(queue.name);
  await untilEmpty(queue.url);
  expect([...lambda.bodies].sort()).toEqual(['bad', 'bad', 'good']);
});

it('returns the whole batch when an answer names a message that is not in it', async () => {
  const queue = await createQueue();
  await sendAll(queue.url, ['a', 'b']);
  lambda.behaviour = () =>
    lambda.calls.length === 1 ? { batchItemFailures: [{ itemIdentifier: 'x' }] } : null;
  await connect(queue.name);
  await untilEmpty(queue.url);
  expect([...lambda.bodies].sort()).toEqual(['a', 'a', 'b', 'b']);
});

it('moves a poison message to the dead-letter queue and lets the rest of its group go on', async () => {
  const dead = await createFifo();
  const policy = { deadLetterTargetArn: arn(dead.name), maxReceiveCount: 2 };
  const queue = await createFifo({ RedrivePolicy: JSON.stringify(policy) });
  await sendAll(queue.url, ['poison', 'after'], 'group');
  lambda.behaviour = (records) => {
    if (records.some(({ body }) => body === 'poison')) throw new Error('poison');
    return null;
  };
  // SQS hands out several messages of a group at once; here each is a batch of its own.
  await connect(queue.name, { batchSize: 1 });
  await untilEmpty(queue.url);
  expect(lambda.bodies).toEqual(['poison', 'poison', 'after']);
  const { Messages = [] } = await clients.sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url }));
  expect(Messages.map(({ Body }) => Body)).toEqual(['poison']);
});

it('never has two batches of one group at the function, and keeps the order in the group', async () => {
  const queue = await createFifo({ VisibilityTimeout: '30' });
  const bodies = Array.from({ length: 8 }, (_, n) => `message ${n}`);
  await sendAll(queue.url, bodies, 'one');
  lambda.behaviour = () => new Promise((done) => setImmediate(done, null));
  await connect(queue.name);
  await untilEmpty(queue.url);
  expect(lambda.bodies).toEqual(bodies);
  expect(lambda.mostRunning).toBe(1);
});

it('works on several groups at once, up to the maximum concurrency', async () => {
  const queue = await createFifo({ VisibilityTimeout: '30' });
  for (const group of ['a', 'b', 'c', 'd', 'e', 'f']) await send(queue.url, group, group);
  const waiting: (() => void)[] = [];
  lambda.behaviour = () =>
    new Promise((done) => {
      waiting.push(() => done(null));
    });
  await connect(queue.name, { batchSize: 1, maximumConcurrency: 3 });
  await eventually(() => expect(waiting).toHaveLength(3));
  await eventually(async () => {
    waiting.splice(0).forEach((finish) => {
      finish();
    });
    expect(await left(queue.url)).toBe(0);
  });
  expect(lambda.mostRunning).toBe(3);
});

it('deletes what the filter does not let through, without running the function for it', async () => {
  const queue = await createQueue();
  await sendAll(queue.url, ['{"type":"wanted"}', '{"type":"other"}', 'no json']);
  await connect(queue.name, { filterPatterns: [{ body: { type: ['wanted'] } }] });
  await untilEmpty(queue.url);
  expect(lambda.bodies).toEqual(['{"type":"wanted"}']);
});

it('holds invocations back during a reload', async () => {
  const queue = await createQueue({ VisibilityTimeout: '30' });
  await connect(queue.name);
  await functions.pause();
  await send(queue.url, 'later');
  await eventually(async () => expect(await left(queue.url)).toBe(1));
  expect(lambda.calls).toHaveLength(0);
  functions.resume();
  await untilEmpty(queue.url);
  expect(lambda.bodies).toEqual(['later']);
});

it('lets a running batch finish when it stops, and takes no new one', async () => {
  const queue = await createQueue({ VisibilityTimeout: '30' });
  let finish = () => {};
  lambda.behaviour = () =>
    new Promise((done) => {
      finish = () => done(null);
    });
  await connect(queue.name);
  await send(queue.url, 'running');
  await eventually(() => expect(lambda.calls).toHaveLength(1));
  const stopped = Promise.all([functions.stop(), sources?.stop()]);
  finish();
  await stopped;
  expect(await left(queue.url)).toBe(0);
  await send(queue.url, 'too late');
  expect(await left(queue.url)).toBe(1);
  expect(lambda.bodies).toEqual(['running']);
});

it('gives messages back at once that a killed consumer was just about to receive', async () => {
  const queue = await createQueue({ VisibilityTimeout: '30' });
  const killed = new AbortController();
  const polling = clients.sqs
    .send(new ReceiveMessageCommand({ QueueUrl: queue.url, WaitTimeSeconds: 20 }), {
      abortSignal: killed.signal,
    })
    .catch((error: Error) => error.name);
  await roundTrips(queue.url);
  killed.abort();
  expect(await polling).toBe('AbortError');
  await roundTrips(queue.url);
  await send(queue.url, 'kept');
  await connect(queue.name);
  await eventually(() => expect(lambda.bodies).toEqual(['kept']), 2_000);
  expect(lambda.calls[0]?.records[0]?.attributes.ApproximateReceiveCount).toBe('1');
});

it('says which queue does not exist', async () => {
  await expect(connect('nowhere')).rejects.toThrow(/does not exist/);
  sources = undefined;
});
