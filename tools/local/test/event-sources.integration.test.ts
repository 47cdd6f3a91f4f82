import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { eventually } from '@orderly/support/eventually';
import { systemChance } from '../../aws/chance.ts';
import { systemClock } from '../../aws/clock.ts';
import { type EventSources, startEventSources, Wake } from '../../aws/event-sources/index.ts';
import { type AwsClient, connect as connectTo } from '../../aws/protocol/client.ts';
import { readServerlessMappings } from '../src/event-source-mappings.ts';
import { FileCheckpoints } from '../src/file-checkpoints.ts';
import { LocalFunctions } from '../src/local-functions.ts';
import { type Clients, localClients, startTestEmulators, type TestEmulators } from '../src/testing.ts';
import { FakeLambda } from './fake-lambda.ts';

/**
 * The event sources over the wire, with the functions and the checkpoints of the local platform. How they batch,
 * retry, filter and stop is tested in tools/aws/test/event-sources, on a clock of its own.
 */

const REGION = 'eu-central-1';
const queueArn = (name: string): string => `arn:aws:sqs:${REGION}:000000000000:${name}`;

let emulators: TestEmulators;
let clients: Clients;
let stateFolder: string;
let aws: AwsClient;
let lambda: FakeLambda;
let functions: LocalFunctions;
let sources: EventSources | undefined;
let count = 0;

beforeAll(async () => {
  emulators = await startTestEmulators();
  clients = localClients(emulators, REGION);
  aws = connectTo(emulators, REGION);
  stateFolder = mkdtempSync(join(tmpdir(), 'checkpoints-'));
});

afterAll(async () => {
  rmSync(stateFolder, { recursive: true });
  aws.close();
  await emulators.stop();
});

beforeEach(() => {
  lambda = new FakeLambda();
});

const stop = async (): Promise<void> => {
  await Promise.all([functions.stop(), sources?.stop()]);
  sources = undefined;
};

afterEach(stop);

/** Connects the function `work` to an event source. */
const connect = async (event: object): Promise<void> => {
  const wake = new Wake(systemClock);
  functions = new LocalFunctions(lambda, wake.up);
  const scope = { resources: new Map(), pseudo: {} };
  sources = await startEventSources(
    readServerlessMappings({ work: { name: 'work', events: [event] } }, scope, 5),
    {
      clock: systemClock,
      chance: systemChance,
      call: aws.call,
      invoke: functions.invoke,
      checkpoints: new FileCheckpoints(stateFolder),
      wake,
      region: REGION,
      log: () => undefined,
    },
  );
};

/** The median of how long an event takes to the function, in milliseconds. */
const latencyOf = async (cause: (n: number) => Promise<unknown>): Promise<number> => {
  const latencies: number[] = [];
  for (let n = 0; n < 20; n++) {
    const before = lambda.calls.length;
    const caused = Date.now();
    await cause(n);
    await eventually(() => expect(lambda.calls.length).toBeGreaterThan(before));
    latencies.push((lambda.calls.at(-1)?.at ?? 0) - caused);
  }
  return latencies.sort((a, b) => a - b)[10] ?? 0;
};

describe('A queue', () => {
  let name: string;
  let url: string;

  beforeEach(async () => {
    count += 1;
    name = `queue-${count}.fifo`;
    const Attributes = { FifoQueue: 'true', ContentBasedDeduplication: 'true', VisibilityTimeout: '30' };
    const { QueueUrl = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    url = QueueUrl;
  });

  const connectQueue = () => connect({ sqs: queueArn(name) });
  const send = (MessageBody: string) =>
    clients.sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody, MessageGroupId: 'group' }));

  const left = async (): Promise<number> => {
    const { Attributes = {} } = await clients.sqs.send(
      new GetQueueAttributesCommand({
        QueueUrl: url,
        AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
      }),
    );
    const { ApproximateNumberOfMessages: ready, ApproximateNumberOfMessagesNotVisible: hidden } = Attributes;
    return Number(ready) + Number(hidden);
  };
  const untilEmpty = () => eventually(async () => expect(await left()).toBe(0));

  /** Gives the server the turns it takes to notice what happens on another connection. */
  const roundTrips = async (): Promise<void> => {
    for (let n = 0; n < 10; n++) await left();
  };

  it('brings a message to the function within moments, and deletes it', async () => {
    await connectQueue();
    await send('first');
    await untilEmpty();
    expect(await latencyOf((n) => send(`message ${n}`))).toBeLessThan(100);
    await untilEmpty();
  });

  it('hands over a message with all of its attributes', async () => {
    await connectQueue();
    await send('body');
    await eventually(() => expect(lambda.calls).toHaveLength(1));
    const attributes = ['SentTimestamp', 'MessageDeduplicationId', 'SequenceNumber'];
    expect(lambda.calls[0]?.records).toMatchObject([
      { body: 'body', attributes: { ApproximateReceiveCount: '1', MessageGroupId: 'group' } },
    ]);
    expect(Object.keys(lambda.calls[0]?.records[0]?.attributes ?? {})).toEqual(
      expect.arrayContaining(attributes),
    );
  });

  it('gets messages back at once that a killed consumer was just about to receive', async () => {
    const killed = new AbortController();
    const polling = clients.sqs
      .send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }), { abortSignal: killed.signal })
      .catch((error: Error) => error.name);
    await roundTrips();
    killed.abort();
    expect(await polling).toBe('AbortError');
    await roundTrips();
    await send('kept');
    await connectQueue();
    await eventually(() => expect(lambda.bodies).toEqual(['kept']), 2_000);
    expect(lambda.calls[0]?.records[0]?.attributes.ApproximateReceiveCount).toBe('1');
  });
});

describe('A stream', () => {
  let TableName: string;
  let arn: string;

  beforeEach(async () => {
    count += 1;
    TableName = `table-${count}`;
    const { TableDescription } = await clients.dynamodb.send(
      new CreateTableCommand({
        TableName,
        BillingMode: 'PAY_PER_REQUEST',
        AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
        KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
        StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
      }),
    );
    arn = TableDescription?.LatestStreamArn ?? '';
  });

  const connectStream = (settings: object = {}) =>
    connect({ stream: { arn, functionResponseType: 'ReportBatchItemFailures', ...settings } });
  const put = (pk: string, more: Record<string, { S: string }> = {}) =>
    clients.dynamodb.send(new PutItemCommand({ TableName, Item: { pk: { S: pk }, ...more } }));

  it('brings a change to the function within moments', async () => {
    await connectStream();
    // Some milliseconds, or as many as a busy machine makes of them.
    expect(await latencyOf((n) => put(`item ${n}`))).toBeLessThan(1_000);
  });

  it('hands over the records that Lambda hands over', async () => {
    await connectStream();
    await put('a', { text: { S: 'b' } });
    await clients.dynamodb.send(new DeleteItemCommand({ TableName, Key: { pk: { S: 'a' } } }));
    await eventually(() => expect(lambda.keys.flat()).toEqual(['a', 'a']));
    const [inserted, removed] = lambda.calls.flatMap(({ records }) => records);
    expect(inserted).toMatchObject({
      eventName: 'INSERT',
      eventSourceARN: arn,
      dynamodb: { NewImage: { pk: { S: 'a' }, text: { S: 'b' } }, StreamViewType: 'NEW_IMAGE' },
    });
    expect(removed?.eventName).toBe('REMOVE');
  });

  it('continues where it was after a restart, from the file of its checkpoints', async () => {
    for (const key of ['a', 'b']) await put(key);
    await connectStream();
    await eventually(() => expect(lambda.keys.flat()).toEqual(['a', 'b']));
    await stop();
    await put('c');
    await connectStream();
    await eventually(() => expect(lambda.keys.flat()).toEqual(['a', 'b', 'c']));
  });

  it('loses nothing that came while it was away, even before its first record with LATEST', async () => {
    await connectStream({ startingPosition: 'LATEST' });
    await stop();
    await put('while away');
    await connectStream({ startingPosition: 'LATEST' });
    await eventually(() => expect(lambda.keys.flat()).toEqual(['while away']));
  });

  it('delivers again what was running when it was stopped', async () => {
    await put('a');
    lambda.behaviour = () => {
      throw new Error('broken');
    };
    await connectStream();
    await eventually(() => expect(lambda.calls.length).toBeGreaterThan(0));
    await stop();
    lambda.calls.splice(0);
    lambda.behaviour = () => null;
    await connectStream();
    await eventually(() => expect(lambda.keys.flat()).toEqual(['a']));
  });
});
