import { conforms } from './conformance.ts';
import { INVALID, ORIGIN, range, redriveTo } from './sqs-under-test.ts';

conforms('API_CreateQueue', {
  async 'CreateQueue answers a URL that begins with the address of the request'(sqs) {
    expect(await sqs.create('orders')).toBe(`${ORIGIN}/000000000000/orders`);
  },
  async 'CreateQueue with the same attributes answers the existing queue'(sqs) {
    const url = await sqs.create('orders', { DelaySeconds: '5' });
    await sqs.send(url, 'kept');

    expect(await sqs.create('orders', { DelaySeconds: '5' })).toBe(url);
    expect(await sqs.create('orders')).toBe(url);
    expect(await sqs.attributes(url)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
  },
  async 'CreateQueue with another value of an attribute is refused with QueueNameExists'(sqs) {
    await sqs.create('orders', { DelaySeconds: '5' });

    expect(
      await sqs.refusal('CreateQueue', { QueueName: 'orders', Attributes: { DelaySeconds: '6' } }),
    ).toEqual({
      code: 'QueueNameExists',
      message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
    });
  },
  async 'A queue name has 1 to 80 alphanumeric characters, hyphens and underscores, .fifo included'(sqs) {
    await sqs.create('a'.repeat(80));
    await sqs.create('Az-09_');
    await sqs.create(`${'a'.repeat(75)}.fifo`);

    for (const QueueName of ['', 'a'.repeat(81), 'a.b', 'a b', 'ä'])
      await sqs.refuses('CreateQueue', INVALID, { QueueName });
    const QueueName = `${'a'.repeat(76)}.fifo`;
    await sqs.refuses('CreateQueue', INVALID, { QueueName, Attributes: { FifoQueue: 'true' } });
  },
  async 'The name of a FIFO queue ends in .fifo, and only that of a FIFO queue'(sqs) {
    const fifoWithoutSuffix = { QueueName: 'orders', Attributes: { FifoQueue: 'true' } };
    await sqs.refuses('CreateQueue', INVALID, fifoWithoutSuffix);
    await sqs.refuses('CreateQueue', INVALID, { QueueName: 'orders.fifo' });
  },
  async 'Queue names are case-sensitive'(sqs) {
    await sqs.create('orders');

    await sqs.refuses('GetQueueUrl', 'QueueDoesNotExist', { QueueName: 'Orders' });
  },
  async 'A name can be used again 60 seconds after its queue was deleted'(sqs) {
    await sqs.call('DeleteQueue', { QueueUrl: await sqs.create('orders') });
    sqs.clock.advance(59_999);
    await sqs.refuses('CreateQueue', 'QueueDeletedRecently', { QueueName: 'orders' });
    sqs.clock.advance(1);
    await sqs.create('orders');
  },
});

conforms('API_DeleteQueue', {
  async 'DeleteQueue deletes the queue with its messages'(sqs) {
    const QueueUrl = await sqs.create('orders');
    await sqs.send(QueueUrl, 'lost');
    await sqs.call('DeleteQueue', { QueueUrl });

    await sqs.refuses('ReceiveMessage', 'QueueDoesNotExist', { QueueUrl });
    sqs.clock.advance(60_000);
    expect(await sqs.receive(await sqs.create('orders'))).toEqual([]);
  },
});

conforms('API_GetQueueUrl', {
  async 'GetQueueUrl finds a queue by its name'(sqs) {
    const QueueUrl = await sqs.create('orders');

    expect(await sqs.call('GetQueueUrl', { QueueName: 'orders' })).toEqual({ QueueUrl });
  },
  async 'GetQueueUrl is refused for a queue that does not exist, here or in another account'(sqs) {
    await sqs.create('orders');
    const elsewhere = { QueueName: 'orders', QueueOwnerAWSAccountId: '111111111111' };

    await sqs.refuses('GetQueueUrl', 'QueueDoesNotExist', { QueueName: 'other' });
    await sqs.refuses('GetQueueUrl', 'QueueDoesNotExist', elsewhere);
  },
});

conforms('sqs-queue-message-identifiers', {
  async 'A queue URL may name any host, and only an account and a queue that exist'(sqs) {
    await sqs.create('orders');

    await sqs.send('https://sqs.eu-central-1.amazonaws.com/000000000000/orders', 'hello');
    for (const QueueUrl of ['http://127.0.0.1/111111111111/orders', 'orders', 'http://127.0.0.1/'])
      await sqs.refuses('ReceiveMessage', 'QueueDoesNotExist', { QueueUrl });
  },
});

conforms('API_ListQueues', {
  async 'ListQueues finds queues by the beginning of their names'(sqs) {
    const [one, two] = [await sqs.create('a-1'), await sqs.create('a-2')];
    await sqs.create('b-1');

    expect(await sqs.call('ListQueues', { QueueNamePrefix: 'a-' })).toEqual({ QueueUrls: [one, two] });
    expect(await sqs.call('ListQueues', { QueueNamePrefix: 'c' })).toEqual({});
  },
  async 'ListQueues answers pages when MaxResults is set'(sqs) {
    const urls: string[] = [];
    for (const index of range(5)) urls.push(await sqs.create(`queue-${index}`));
    const found: unknown[] = [];
    let NextToken: unknown;
    do {
      const answer = await sqs.call('ListQueues', { QueueNamePrefix: 'queue-', MaxResults: 2, NextToken });
      found.push(answer.QueueUrls);
      NextToken = answer.NextToken;
    } while (NextToken !== undefined);

    expect(found).toEqual([urls.slice(0, 2), urls.slice(2, 4), urls.slice(4)]);
  },
  async 'ListQueues takes 1 to 1,000 as MaxResults'(sqs) {
    for (const MaxResults of [0, 1_001]) await sqs.refuses('ListQueues', INVALID, { MaxResults });
  },
  async 'ListQueues answers 1,000 queues at most'(sqs) {
    for (const index of range(1_001)) await sqs.create(`queue-${index}`);

    expect((await sqs.call('ListQueues')).QueueUrls).toHaveLength(1_000);
  },
});

conforms('API_PurgeQueue', {
  async 'PurgeQueue deletes every message, also those in flight and delayed'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'in flight');
    await sqs.receive(QueueUrl);
    await sqs.send(QueueUrl, 'visible');
    await sqs.send(QueueUrl, 'delayed', { DelaySeconds: 60 });
    await sqs.call('PurgeQueue', { QueueUrl });

    expect(await sqs.attributes(QueueUrl)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesDelayed: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  },
  async 'PurgeQueue is allowed once in 60 seconds'(sqs, QueueUrl) {
    await sqs.call('PurgeQueue', { QueueUrl });
    sqs.clock.advance(59_999);
    expect(await sqs.refusal('PurgeQueue', { QueueUrl })).toEqual({
      code: 'PurgeQueueInProgress',
      message: 'Only one PurgeQueue operation on given is allowed every 60 seconds.',
    });
    sqs.clock.advance(1);
    await sqs.call('PurgeQueue', { QueueUrl });
  },
});

conforms('API_ListDeadLetterSourceQueues', {
  async 'ListDeadLetterSourceQueues answers the queues that dead-letter into a queue'(sqs) {
    const QueueUrl = await sqs.create('dead');
    const sources = [
      await sqs.create('one', { RedrivePolicy: redriveTo('dead', 3) }),
      await sqs.create('two', { RedrivePolicy: redriveTo('dead', 4) }),
    ];
    await sqs.create('three');

    expect(await sqs.call('ListDeadLetterSourceQueues', { QueueUrl })).toEqual({ queueUrls: sources });
  },
});
