import { conforms } from './conformance.ts';

const to = (MessageGroupId: string, MessageDeduplicationId?: string) => ({
  MessageGroupId,
  MessageDeduplicationId,
});

conforms({
  'A duplicate is accepted with the ids of the first message, and not delivered': {
    page: 'FIFO-queues-exactly-once-processing',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo');
      const first = await sqs.send(url, 'x', to('g', 'd'));

      expect(await sqs.send(url, 'x', to('g', 'd'))).toEqual(first);
      expect(await sqs.receiveBodies(url)).toEqual(['x']);
    },
  },
  'A duplicate is recognized for five minutes': {
    page: 'FIFO-queues-exactly-once-processing',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo');
      await sqs.send(url, 'first', to('g', 'd'));
      sqs.clock.advance(299_999);
      await sqs.send(url, 'duplicate', to('g', 'd'));
      sqs.clock.advance(1);
      await sqs.send(url, 'later', to('g', 'd'));

      expect(await sqs.receiveBodies(url)).toEqual(['first', 'later']);
    },
  },
  'A duplicate is recognized also when the message was deleted': {
    page: 'API_SendMessage',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo');
      await sqs.send(url, 'x', to('g', 'd'));
      await sqs.delete(url, await sqs.receiveOne(url));
      await sqs.send(url, 'x', to('g', 'd'));

      expect(await sqs.receive(url)).toEqual([]);
    },
  },
  'Deduplication is for the whole queue by default': {
    page: 'high-throughput-fifo',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo');
      await sqs.send(url, 'a', to('a', 'd'));
      await sqs.send(url, 'b', to('b', 'd'));

      expect(await sqs.receiveBodies(url)).toEqual(['a']);
    },
  },
  'Deduplication can be for each message group': {
    page: 'high-throughput-fifo',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo', { DeduplicationScope: 'messageGroup' });
      await sqs.send(url, 'a', to('a', 'd'));
      await sqs.send(url, 'b', to('b', 'd'));
      await sqs.send(url, 'again', to('b', 'd'));

      expect(await sqs.receiveBodies(url)).toEqual(['a', 'b']);
    },
  },
  'Content-based deduplication uses the SHA-256 of the body, not the attributes': {
    page: 'API_SendMessage',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo', { ContentBasedDeduplication: 'true' });
      const MessageAttributes = { name: { DataType: 'String', StringValue: 'value' } };
      await sqs.send(url, 'hello', to('g'));
      await sqs.send(url, 'hello', { ...to('g'), MessageAttributes });
      await sqs.send(url, 'hello!', to('g'));
      const messages = await sqs.receive(url);

      expect(messages.map(({ Body }) => Body)).toEqual(['hello', 'hello!']);
      expect(messages[0]?.Attributes).toMatchObject({
        MessageDeduplicationId: '2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824',
      });
    },
  },
  'A given deduplication id replaces that of the content': {
    page: 'API_SendMessage',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo', { ContentBasedDeduplication: 'true' });
      await sqs.send(url, 'same', to('g', 'one'));
      await sqs.send(url, 'same', to('g', 'two'));

      expect(await sqs.receive(url)).toHaveLength(2);
    },
  },
});
