import { conforms } from './conformance.ts';

const to = (MessageGroupId: string, MessageDeduplicationId?: string) => ({
  MessageGroupId,
  MessageDeduplicationId,
});

conforms('FIFO-queues-exactly-once-processing', {
  async 'A duplicate is accepted with the ids of the first message, and not delivered'(sqs) {
    const url = await sqs.create('orders.fifo');
    const first = await sqs.send(url, 'x', to('g', 'd'));

    expect(await sqs.send(url, 'x', to('g', 'd'))).toEqual(first);
    expect(await sqs.receiveBodies(url)).toEqual(['x']);
  },
  async 'A duplicate is recognized for five minutes'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sqs.send(url, 'first', to('g', 'd'));
    sqs.clock.advance(299_999);
    await sqs.send(url, 'duplicate', to('g', 'd'));
    sqs.clock.advance(1);
    await sqs.send(url, 'later', to('g', 'd'));

    expect(await sqs.receiveBodies(url)).toEqual(['first', 'later']);
  },
});

conforms('API_SendMessage', {
  async 'A duplicate is recognized also when the message was deleted'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sqs.send(url, 'x', to('g', 'd'));
    await sqs.delete(url, await sqs.receiveOne(url));
    await sqs.send(url, 'x', to('g', 'd'));

    expect(await sqs.receive(url)).toEqual([]);
  },
  async 'Content-based deduplication uses the SHA-256 of the body, not the attributes'(sqs) {
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
  async 'A given deduplication id replaces that of the content'(sqs) {
    const url = await sqs.create('orders.fifo', { ContentBasedDeduplication: 'true' });
    await sqs.send(url, 'same', to('g', 'one'));
    await sqs.send(url, 'same', to('g', 'two'));

    expect(await sqs.receive(url)).toHaveLength(2);
  },
});

conforms('high-throughput-fifo', {
  async 'Deduplication is for the whole queue by default'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sqs.send(url, 'a', to('a', 'd'));
    await sqs.send(url, 'b', to('b', 'd'));

    expect(await sqs.receiveBodies(url)).toEqual(['a']);
  },
  async 'Deduplication can be for each message group'(sqs) {
    const url = await sqs.create('orders.fifo', { DeduplicationScope: 'messageGroup' });
    await sqs.send(url, 'a', to('a', 'd'));
    await sqs.send(url, 'b', to('b', 'd'));
    await sqs.send(url, 'again', to('b', 'd'));

    expect(await sqs.receiveBodies(url)).toEqual(['a', 'b']);
  },
});
