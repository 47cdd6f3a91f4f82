import { once } from 'node:events';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { systemChance } from '../../chance.ts';
import { systemClock } from '../../clock.ts';
import { type AwsServer, startServer } from '../../protocol/server.ts';
import type { AwsService, Caller } from '../../protocol/service.ts';
import { createSqs, type SqsService } from '../../sqs/service.ts';

const region = 'eu-central-1';
let server: AwsServer;
let sqs: SqsService;
let client: SQSClient;
/** Called when a receive has reached SQS. */
let received: (caller: Caller) => void = () => {};

const watched = (service: AwsService): AwsService => ({
  targets: service.targets,
  describeError: (error) => service.describeError(error),
  call: (target, operation, input, caller) => {
    const answer = service.call(target, operation, input, caller);
    if (operation === 'ReceiveMessage') received(caller);
    return answer;
  },
});

beforeAll(async () => {
  sqs = createSqs({ clock: systemClock, chance: systemChance, region });
  server = await startServer([watched(sqs)], { port: 0, chance: systemChance });
  client = new SQSClient({
    endpoint: server.endpoint,
    region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
});
afterAll(async () => {
  client.destroy();
  sqs.close();
  await server.stop();
});

const create = async (name: string): Promise<string> => {
  const fifo = name.endsWith('.fifo') ? { FifoQueue: 'true' } : {};
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: name, Attributes: fifo }));
  return QueueUrl ?? '';
};

it('serves the SDK, which checks the MD5 of what it sends and receives', async () => {
  const QueueUrl = await create('orders.fifo');
  const Entries = ['one', 'two 😀'].map((MessageBody, index) => ({
    Id: String(index),
    MessageBody,
    MessageGroupId: 'g',
    MessageDeduplicationId: String(index),
    MessageAttributes: { raw: { DataType: 'Binary', BinaryValue: Buffer.of(1, 2, 3) } },
  }));
  await client.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  const { Messages = [] } = await client.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  const handles = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  const { Successful } = await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: handles }));

  expect(Messages.map(({ Body }) => Body)).toEqual(['one', 'two 😀']);
  expect(Messages[0]?.MessageAttributes?.raw?.BinaryValue).toEqual(Uint8Array.of(1, 2, 3));
  expect(Successful).toHaveLength(2);
  expect(sqs.peek('orders.fifo')).toEqual([]);
});

it('answers errors that the SDK maps to its classes', async () => {
  const missing = client.send(new GetQueueUrlCommand({ QueueName: 'missing' }));

  await expect(missing).rejects.toBeInstanceOf(QueueDoesNotExist);
  const QueueUrl = await create('errors');
  const tooMany = client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 }));
  await expect(tooMany).rejects.toMatchObject({ name: 'InvalidParameterValue' });
});

it('gives nothing to a long poll whose caller has gone', async () => {
  const QueueUrl = await create('aborted');
  const arrival = new Promise<Caller>((resolve) => {
    received = resolve;
  });
  const gone = new AbortController();
  const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 });
  const poll = client.send(receive, { abortSignal: gone.signal });
  const { signal } = await arrival;
  const noticed = once(signal, 'abort');
  gone.abort();
  await expect(poll).rejects.toMatchObject({ name: 'AbortError' });
  await noticed;
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'kept' }));

  expect(sqs.peek('aborted')).toMatchObject([{ body: 'kept', state: 'visible', receiveCount: 0 }]);
});
