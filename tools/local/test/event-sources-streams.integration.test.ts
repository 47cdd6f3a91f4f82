import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, ReceiveMessageCommand } from '@aws-sdk/client-sqs';
import { systemChance } from '../../aws/chance.ts';
import { systemClock } from '../../aws/clock.ts';
import { type EventSources, startEventSources, Wake } from '../../aws/event-sources/index.ts';
import type { StreamMapping } from '../../aws/event-sources/mapping.ts';
import { type AwsClient, connect as connectTo } from '../../aws/protocol/client.ts';
import { FileCheckpoints } from '../src/file-checkpoints.ts';
import { LocalFunctions } from '../src/local-functions.ts';
import { type Clients, localClients, startTestEmulators, type TestEmulators } from '../src/testing.ts';
import { eventually } from './eventually.ts';
import { FakeLambda, type TestRecord } from './fake-lambda.ts';

const REGION = 'eu-central-1';

let emulators: TestEmulators;
let clients: Clients;
let stateFolder: string;
let aws: AwsClient;
let lambda: FakeLambda;
let sources: EventSources | undefined;
let tables = 0;

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

afterEach(async () => {
  await sources?.stop();
});

const createTable = async (): Promise<{ name: string; arn: string }> => {
  tables += 1;
  const name = `table-${tables}`;
  const { TableDescription } = await clients.dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  return { name, arn: TableDescription?.LatestStreamArn ?? '' };
};

const put = (table: string, pk: string, more: Record<string, { S: string }> = {}) =>
  clients.dynamodb.send(new PutItemCommand({ TableName: table, Item: { pk: { S: pk }, ...more } }));

const putAll = async (table: string, keys: readonly string[]): Promise<void> => {
  for (const key of keys) await put(table, key);
};

const connect = async (arn: string, settings: Partial<StreamMapping> = {}): Promise<EventSources> => {
  const mapping: StreamMapping = {
    functionName: 'publish',
    arn,
    batchSize: 100,
    batchWindowMs: 0,
    partialAnswers: true,
    filterPatterns: [],
    startingPosition: 'TRIM_HORIZON',
    bisect: false,
    maximumRetryAttempts: -1,
    maximumRecordAgeSeconds: -1,
    ...settings,
  };
  const wake = new Wake(systemClock);
  const functions = new LocalFunctions(lambda, wake.up);
  const started = await startEventSources(
    { sqs: [], streams: [mapping] },
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
  sources = {
    stop: async () => {
      await Promise.all([functions.stop(), started.stop()]);
    },
  };
  return sources;
};

const failureQueue = async (): Promise<{ url: string; arn: string }> => {
  const name = `failures-${tables}`;
  const { QueueUrl = '' } = await clients.sqs.send(new CreateQueueCommand({ QueueName: name }));
  return { url: QueueUrl, arn: `arn:aws:sqs:${REGION}:000000000000:${name}` };
};

const failures = async (url: string): Promise<readonly unknown[]> => {
  const { Messages = [] } = await clients.sqs.send(
    new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5, MaxNumberOfMessages: 10 }),
  );
  return Messages.map(({ Body = '' }) => JSON.parse(Body) as unknown);
};

const failing = (records: readonly TestRecord[], key: string) => ({
  batchItemFailures: records
    .filter(({ dynamodb }) => dynamodb.Keys.pk.S === key)
    .map(({ dynamodb }) => ({ itemIdentifier: dynamodb.SequenceNumber })),
});

const flat = (): readonly string[] => lambda.keys.flat();
const has = (records: readonly TestRecord[], key: string): boolean =>
  records.some(({ dynamodb }) => dynamodb.Keys.pk.S === key);

it('brings a change to the function within moments', async () => {
  const table = await createTable();
  await connect(table.arn);
  const latencies: number[] = [];
  for (let n = 0; n < 20; n++) {
    const written = Date.now();
    await put(table.name, `item ${n}`);
    await eventually(() => expect(flat()).toContain(`item ${n}`));
    latencies.push((lambda.calls.at(-1)?.at ?? 0) - written);
  }
  // Some milliseconds, or as many as a busy machine makes of them.
  expect(latencies.sort((a, b) => a - b)[10]).toBeLessThan(1_000);
});

it('hands over the records that Lambda hands over', async () => {
  const table = await createTable();
  await connect(table.arn);
  await put(table.name, 'a', { text: { S: 'b' } });
  await clients.dynamodb.send(new DeleteItemCommand({ TableName: table.name, Key: { pk: { S: 'a' } } }));
  await eventually(() => expect(flat()).toEqual(['a', 'a']));
  const [inserted, removed] = lambda.calls.flatMap(({ records }) => records);
  expect(inserted).toEqual({
    eventID: expect.any(String),
    eventName: 'INSERT',
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    eventSourceARN: table.arn,
    awsRegion: REGION,
    dynamodb: {
      ApproximateCreationDateTime: expect.any(Number),
      Keys: { pk: { S: 'a' } },
      NewImage: { pk: { S: 'a' }, text: { S: 'b' } },
      SequenceNumber: expect.stringMatching(/^\d+$/),
      SizeBytes: expect.any(Number),
      StreamViewType: 'NEW_IMAGE',
    },
  });
  expect(removed?.eventName).toBe('REMOVE');
});

it('reads from the beginning with TRIM_HORIZON, in batches of at most the batch size, in order', async () => {
  const table = await createTable();
  await putAll(table.name, ['a', 'b', 'c', 'd', 'e']);
  await connect(table.arn, { batchSize: 2 });
  await eventually(() => expect(flat()).toHaveLength(5));
  expect(lambda.keys).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
});

it('reads only what comes after its start with LATEST', async () => {
  const table = await createTable();
  await put(table.name, 'before');
  await connect(table.arn, { startingPosition: 'LATEST' });
  await put(table.name, 'after');
  await eventually(() => expect(flat()).toEqual(['after']));
});

it('retries from the lowest failed record of a partial answer', async () => {
  const table = await createTable();
  await putAll(table.name, ['a', 'b', 'c']);
  lambda.behaviour = (records) => (lambda.calls.length === 1 ? failing(records, 'b') : null);
  await connect(table.arn);
  await eventually(() =>
    expect(lambda.keys).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c'],
    ]),
  );
});

it('retries the whole batch, and nothing after it, until the function succeeds', async () => {
  const table = await createTable();
  await putAll(table.name, ['a', 'b', 'c']);
  lambda.behaviour = () => {
    if (lambda.calls.length < 3) throw new Error('broken');
    return null;
  };
  await connect(table.arn, { batchSize: 2 });
  await eventually(() => expect(lambda.keys).toEqual([['a', 'b'], ['a', 'b'], ['a', 'b'], ['c']]));
});

it('isolates a poison record, tells the on-failure queue where it is, and goes on', async () => {
  const table = await createTable();
  const queue = await failureQueue();
  await putAll(table.name, ['a', 'poison', 'c', 'd']);
  lambda.behaviour = (records) => {
    if (has(records, 'poison')) throw new Error('poison');
    return null;
  };
  await connect(table.arn, { bisect: true, maximumRetryAttempts: 1, onFailure: queue.arn });
  await eventually(() => expect(lambda.keys.at(-1)).toEqual(['c', 'd']));
  const poison = lambda.calls.flatMap(({ records }) => records).find((record) => has([record], 'poison'));
  expect(lambda.keys.filter((keys) => keys.join() === 'poison')).toHaveLength(2);
  expect(await failures(queue.url)).toEqual([
    {
      requestContext: {
        requestId: expect.any(String),
        functionArn: `arn:aws:lambda:${REGION}:000000000000:function:publish`,
        condition: 'RetryAttemptsExhausted',
        approximateInvokeCount: 2,
      },
      responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
      version: '1.0',
      timestamp: expect.any(String),
      DDBStreamBatchInfo: {
        shardId: expect.stringMatching(/^shardId-/),
        startSequenceNumber: poison?.dynamodb.SequenceNumber,
        endSequenceNumber: poison?.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: expect.any(String),
        approximateArrivalOfLastRecord: expect.any(String),
        batchSize: 1,
        streamArn: table.arn,
      },
    },
  ]);
});

it('filters before it fills batches', async () => {
  const table = await createTable();
  await put(table.name, 'a', { outbox: { S: 'x' } });
  await putAll(table.name, ['b', 'c']);
  await put(table.name, 'd', { outbox: { S: 'x' } });
  const filterPatterns = [{ dynamodb: { NewImage: { outbox: { S: [{ exists: true }] } } } }];
  await connect(table.arn, { batchSize: 2, filterPatterns });
  await eventually(() => expect(lambda.keys).toEqual([['a', 'd']]));
});

it('goes on where it was after a restart', async () => {
  const table = await createTable();
  await putAll(table.name, ['a', 'b']);
  const first = await connect(table.arn);
  await eventually(() => expect(flat()).toEqual(['a', 'b']));
  await first.stop();
  await put(table.name, 'c');
  await connect(table.arn);
  await eventually(() => expect(flat()).toEqual(['a', 'b', 'c']));
});

it('loses nothing that came while it was away, even before its first record with LATEST', async () => {
  const table = await createTable();
  await (await connect(table.arn, { startingPosition: 'LATEST' })).stop();
  await put(table.name, 'while away');
  await connect(table.arn, { startingPosition: 'LATEST' });
  await eventually(() => expect(flat()).toEqual(['while away']));
});

it('delivers again what was running when it was stopped', async () => {
  const table = await createTable();
  await put(table.name, 'a');
  lambda.behaviour = () => {
    throw new Error('broken');
  };
  const first = await connect(table.arn);
  await eventually(() => expect(lambda.calls.length).toBeGreaterThan(0));
  await first.stop();
  lambda.calls.splice(0);
  lambda.behaviour = () => null;
  await connect(table.arn);
  await eventually(() => expect(flat()).toEqual(['a']));
});
