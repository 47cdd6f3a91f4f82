import { conforms } from './conformance.ts';
import { arnOf, ORIGIN, range, redriveTo } from './sqs-under-test.ts';

conforms({
  'CreateQueue answers a URL that begins with the address of the request': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      expect(await sqs.create('orders')).toBe(`${ORIGIN}/000000000000/orders`);
    },
  },
  'CreateQueue with the same attributes answers the existing queue': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      const url = await sqs.create('orders', { DelaySeconds: '5' });
      await sqs.send(url, 'kept');

      expect(await sqs.create('orders', { DelaySeconds: '5' })).toBe(url);
      expect(await sqs.create('orders')).toBe(url);
      expect(await sqs.attributes(url)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
    },
  },
  'CreateQueue with another value of an attribute is refused with QueueNameExists': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      await sqs.create('orders', { DelaySeconds: '5' });

      expect(
        await sqs.refusal('CreateQueue', { QueueName: 'orders', Attributes: { DelaySeconds: '6' } }),
      ).toEqual({
        code: 'QueueNameExists',
        message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
      });
    },
  },
  'A queue name has 1 to 80 alphanumeric characters, hyphens and underscores': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      await sqs.create('a'.repeat(80));
      await sqs.create('Az-09_');

      for (const QueueName of ['', 'a'.repeat(81), 'a.b', 'a b', 'ä'])
        expect(await sqs.refusal('CreateQueue', { QueueName })).toMatchObject({
          code: 'InvalidParameterValueException',
        });
    },
  },
  'The suffix .fifo counts towards the 80 characters of a name': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      await sqs.create(`${'a'.repeat(75)}.fifo`);

      const QueueName = `${'a'.repeat(76)}.fifo`;
      expect(
        await sqs.refusal('CreateQueue', { QueueName, Attributes: { FifoQueue: 'true' } }),
      ).toMatchObject({ code: 'InvalidParameterValueException' });
    },
  },
  'The name of a FIFO queue ends in .fifo, and only that of a FIFO queue': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      const fifoWithoutSuffix = { QueueName: 'orders', Attributes: { FifoQueue: 'true' } };
      expect(await sqs.refusal('CreateQueue', fifoWithoutSuffix)).toMatchObject({
        code: 'InvalidParameterValueException',
      });
      expect(await sqs.refusal('CreateQueue', { QueueName: 'orders.fifo' })).toMatchObject({
        code: 'InvalidParameterValueException',
      });
    },
  },
  'Queue names are case-sensitive': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      await sqs.create('orders');

      expect(await sqs.refusal('GetQueueUrl', { QueueName: 'Orders' })).toMatchObject({
        code: 'QueueDoesNotExist',
      });
    },
  },
  'A name can be used again 60 seconds after its queue was deleted': {
    page: 'API_CreateQueue',
    check: async (sqs) => {
      await sqs.call('DeleteQueue', { QueueUrl: await sqs.create('orders') });
      sqs.clock.advance(59_999);
      expect(await sqs.refusal('CreateQueue', { QueueName: 'orders' })).toMatchObject({
        code: 'QueueDeletedRecently',
      });
      sqs.clock.advance(1);
      await sqs.create('orders');
    },
  },
  'DeleteQueue deletes the queue with its messages': {
    page: 'API_DeleteQueue',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');
      await sqs.send(QueueUrl, 'lost');
      await sqs.call('DeleteQueue', { QueueUrl });

      expect(await sqs.refusal('ReceiveMessage', { QueueUrl })).toMatchObject({ code: 'QueueDoesNotExist' });
      sqs.clock.advance(60_000);
      expect(await sqs.receive(await sqs.create('orders'))).toEqual([]);
    },
  },
  'GetQueueUrl finds a queue by its name': {
    page: 'API_GetQueueUrl',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');

      expect(await sqs.call('GetQueueUrl', { QueueName: 'orders' })).toEqual({ QueueUrl });
    },
  },
  'GetQueueUrl is refused for a queue that does not exist, here or in another account': {
    page: 'API_GetQueueUrl',
    check: async (sqs) => {
      await sqs.create('orders');
      const elsewhere = { QueueName: 'orders', QueueOwnerAWSAccountId: '111111111111' };

      expect(await sqs.refusal('GetQueueUrl', { QueueName: 'other' })).toMatchObject({
        code: 'QueueDoesNotExist',
      });
      expect(await sqs.refusal('GetQueueUrl', elsewhere)).toMatchObject({ code: 'QueueDoesNotExist' });
    },
  },
  'A queue URL may name any host, and only an account and a queue that exist': {
    page: 'sqs-queue-message-identifiers',
    check: async (sqs) => {
      await sqs.create('orders');

      await sqs.send('https://sqs.eu-central-1.amazonaws.com/000000000000/orders', 'hello');
      for (const QueueUrl of ['http://127.0.0.1/111111111111/orders', 'orders', 'http://127.0.0.1/'])
        expect(await sqs.refusal('ReceiveMessage', { QueueUrl })).toMatchObject({
          code: 'QueueDoesNotExist',
        });
    },
  },
  'ListQueues finds queues by the beginning of their names': {
    page: 'API_ListQueues',
    check: async (sqs) => {
      const [one, two] = [await sqs.create('a-1'), await sqs.create('a-2')];
      await sqs.create('b-1');

      expect(await sqs.call('ListQueues', { QueueNamePrefix: 'a-' })).toEqual({ QueueUrls: [one, two] });
      expect(await sqs.call('ListQueues', { QueueNamePrefix: 'c' })).toEqual({});
    },
  },
  'ListQueues answers pages when MaxResults is set': {
    page: 'API_ListQueues',
    check: async (sqs) => {
      const urls: string[] = [];
      for (const index of range(5)) urls.push(await sqs.create(`queue-${index}`));
      const found: unknown[] = [];
      let NextToken: unknown;
      do {
        const answer = await sqs.call('ListQueues', { MaxResults: 2, NextToken });
        found.push(answer.QueueUrls);
        NextToken = answer.NextToken;
      } while (NextToken !== undefined);

      expect(found).toEqual([urls.slice(0, 2), urls.slice(2, 4), urls.slice(4)]);
    },
  },
  'ListQueues takes 1 to 1,000 as MaxResults': {
    page: 'API_ListQueues',
    check: async (sqs) => {
      for (const MaxResults of [0, 1_001])
        expect(await sqs.refusal('ListQueues', { MaxResults })).toMatchObject({
          code: 'InvalidParameterValueException',
        });
    },
  },
  'ListQueues answers 1,000 queues at most': {
    page: 'API_ListQueues',
    check: async (sqs) => {
      for (const index of range(1_001)) await sqs.create(`queue-${index}`);

      expect((await sqs.call('ListQueues')).QueueUrls).toHaveLength(1_000);
    },
  },
  'PurgeQueue deletes every message, also those in flight and delayed': {
    page: 'API_PurgeQueue',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');
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
  },
  'PurgeQueue is allowed once in 60 seconds': {
    page: 'API_PurgeQueue',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');
      await sqs.call('PurgeQueue', { QueueUrl });
      sqs.clock.advance(59_999);
      expect(await sqs.refusal('PurgeQueue', { QueueUrl })).toEqual({
        code: 'PurgeQueueInProgress',
        message: 'Only one PurgeQueue operation on orders is allowed every 60 seconds.',
      });
      sqs.clock.advance(1);
      await sqs.call('PurgeQueue', { QueueUrl });
    },
  },
  'ListDeadLetterSourceQueues answers the queues that dead-letter into a queue': {
    page: 'API_ListDeadLetterSourceQueues',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('dead');
      const sources = [
        await sqs.create('one', { RedrivePolicy: redriveTo('dead', 3) }),
        await sqs.create('two', { RedrivePolicy: redriveTo('dead', 4) }),
      ];
      await sqs.create('three');

      expect(await sqs.call('ListDeadLetterSourceQueues', { QueueUrl })).toEqual({ queueUrls: sources });
    },
  },
  'A queue has an ARN with its region, account and name': {
    page: 'API_GetQueueAttributes',
    check: async (sqs) => {
      expect(await sqs.attributes(await sqs.create('orders'))).toMatchObject({ QueueArn: arnOf('orders') });
    },
  },
});
