import { AwsError } from '../../protocol/error.ts';
import { TOOLS_TARGET } from '../../sqs/service.ts';
import { conforms } from './conformance.ts';
import { ORIGIN, SqsUnderTest } from './sqs-under-test.ts';

const caller = { signal: new AbortController().signal, origin: ORIGIN };

conforms('sqs-making-api-requests-json', {
  async 'An error names its shape, and in a header its code of the query protocol'({ sqs }) {
    expect(sqs.describeError(new AwsError('QueueDoesNotExist', 'text'))).toEqual({
      body: { __type: 'com.amazonaws.sqs#QueueDoesNotExist', message: 'text' },
      headers: { 'x-amzn-query-error': 'AWS.SimpleQueueService.NonExistentQueue;Sender' },
    });
    expect(sqs.describeError(new AwsError('InvalidParameterValueException', 'text'))).toEqual({
      body: { __type: 'com.amazon.coral.service#InvalidParameterValueException', message: 'text' },
      headers: { 'x-amzn-query-error': 'InvalidParameterValue;Sender' },
    });
  },
});

conforms('CommonErrors', {
  async 'A required parameter that is missing is named'(sqs) {
    expect(await sqs.refusal('SendMessage', {})).toEqual({
      code: 'MissingRequiredParameterException',
      message: 'The request must contain the parameter QueueUrl.',
    });
  },
  async 'A value of the wrong type is refused'(sqs, QueueUrl) {
    for (const input of [{ MessageBody: 1 }, { MessageBody: 'x', DelaySeconds: '1' }])
      await sqs.refuses('SendMessage', 'SerializationException', { QueueUrl, ...input });
  },
});

it('refuses an operation that it does not implement by name', async () => {
  const sqs = new SqsUnderTest();

  expect((await sqs.refusal('AddPermission', { QueueUrl: '' })).message).toContain('AddPermission');
  expect(await sqs.refusal('Invent')).toEqual({
    code: 'UnknownOperationException',
    message: 'The embedded SQS does not implement the operation Invent.',
  });
});

it('refuses a parameter that it does not know by name, also in the entry of a batch', async () => {
  const sqs = new SqsUnderTest();
  const QueueUrl = await sqs.create('orders');

  expect((await sqs.refusal('SendMessage', { QueueUrl, MessageBody: 'x', Priority: 1 })).message).toBe(
    'The embedded SQS does not implement the parameter Priority of SendMessage.',
  );
  const Entries = [{ Id: 'a', MessageBody: 'x', Priority: 1 }];
  expect((await sqs.refusal('SendMessageBatch', { QueueUrl, Entries })).message).toContain('Priority');
});

it('shows every message of a queue without receiving it', async () => {
  const sqs = new SqsUnderTest();
  const url = await sqs.create('orders');
  await sqs.send(url, 'in flight', { MessageGroupId: 'g' });
  await sqs.receiveOne(url);
  await sqs.send(url, 'visible');
  await sqs.send(url, 'delayed', { DelaySeconds: 60 });

  expect(sqs.sqs.peek('orders')).toMatchObject([
    { body: 'in flight', state: 'in flight', receiveCount: 1, groupId: 'g', visibleAt: 1_700_000_030_000 },
    { body: 'visible', state: 'visible', receiveCount: 0 },
    { body: 'delayed', state: 'delayed', visibleAt: 1_700_000_060_000 },
  ]);
  expect(sqs.sqs.peek(url)).toHaveLength(3);
  expect((await sqs.receiveOne(url)).Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
});

it('lets tools look into a queue over the wire, page by page', async () => {
  const sqs = new SqsUnderTest();
  const QueueUrl = await sqs.create('orders');
  for (const body of 'abc') await sqs.send(QueueUrl, body);
  const peek = (NextToken: unknown) =>
    sqs.sqs.call(TOOLS_TARGET, 'PeekMessages', { QueueUrl, MaxResults: 2, NextToken }, caller);

  const first = await peek(undefined);
  expect(first).toMatchObject({ Messages: [{ Body: 'a', State: 'visible' }, { Body: 'b' }] });
  expect(await peek(first.NextToken)).toMatchObject({ Messages: [{ Body: 'c' }], NextToken: undefined });
});

it('throttles and fails on demand: so many times, for the given operations and queues', async () => {
  const sqs = new SqsUnderTest();
  const QueueUrl = await sqs.create('orders');
  const input = { QueueUrl, MessageBody: 'x' };
  sqs.sqs.faults.refuse({ with: 'throttle', operation: 'SendMessage', queueName: 'orders', times: 2 });
  sqs.sqs.faults.refuse({ with: 'fail', operation: 'SendMessage' });

  const codes = [1, 2, 3].map(async () => (await sqs.refusal('SendMessage', input)).code);
  expect(await Promise.all(codes)).toEqual(['RequestThrottled', 'RequestThrottled', 'ServiceUnavailable']);
  await sqs.call('SendMessage', input);
  expect(await sqs.receive(QueueUrl)).toHaveLength(1);
});

it('delivers messages of a standard queue twice on demand', async () => {
  const sqs = new SqsUnderTest();
  const url = await sqs.create('orders');
  await sqs.send(url, 'x');
  sqs.sqs.faults.deliverTwice('orders', 1);
  expect(await sqs.receiveBodies(url)).toEqual(['x']);
  sqs.sqs.faults.clear();

  expect(await sqs.receiveBodies(url)).toEqual(['x']);
  expect(await sqs.receive(url)).toEqual([]);
});

it('sets no timer unless a receive waits', async () => {
  const sqs = new SqsUnderTest();
  const url = await sqs.create('orders');
  for (const DelaySeconds of [0, 1, 2]) await sqs.send(url, 'x', { DelaySeconds });
  await sqs.receive(url);

  expect(sqs.clock.waiting).toBe(0);
});
