import { conforms } from './conformance.ts';
import { type Message, range, type SqsUnderTest } from './sqs-under-test.ts';

const sendAll = async (sqs: SqsUnderTest, url: string, group: string, count: number): Promise<void> => {
  for (const index of range(count)) await sqs.sendTo(url, group, `${group}${index}`);
};
const only = (messages: readonly Message[], index: number): Message => {
  const message = messages[index];
  if (!message) throw new Error(`There is no message ${index}.`);
  return message;
};

conforms('FIFO-queues-understanding-logic', {
  async 'A receive hands out up to ten messages of one group, in order'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 12);

    expect(await sqs.receiveBodies(url)).toEqual(range(10).map((index) => `a${index}`));
  },
  async 'No more messages of a group are handed out while one of them is in flight'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 3);
    const first = await sqs.receive(url, { MaxNumberOfMessages: 2 });
    expect(await sqs.receive(url)).toEqual([]);
    await sqs.delete(url, only(first, 0));
    expect(await sqs.receive(url)).toEqual([]);
    await sqs.delete(url, only(first, 1));
    expect(await sqs.receiveBodies(url)).toEqual(['a2']);
  },
  async 'Other groups are served while one is blocked'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 2);
    await sqs.receive(url, { MaxNumberOfMessages: 1 });
    await sendAll(sqs, url, 'b', 2);

    expect(await sqs.receiveBodies(url)).toEqual(['b0', 'b1']);
  },
  async 'A receive fills up with messages of other groups'(sqs) {
    const url = await sqs.create('orders.fifo');
    for (const index of range(3)) for (const group of 'ab') await sqs.sendTo(url, group, `${group}${index}`);

    expect(await sqs.receiveBodies(url)).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2']);
  },
  async 'Messages that are visible again come in their old order'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 3);
    for (const message of (await sqs.receive(url)).reverse()) await sqs.hide(url, message, 0);

    expect(await sqs.receiveBodies(url)).toEqual(['a0', 'a1', 'a2']);
  },
  async 'A group stays blocked by a message that is hidden for longer than the others'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 2);
    const [head] = await sqs.receive(url);
    if (!head) throw new Error('There was no message.');
    await sqs.hide(url, head, 120);
    sqs.clock.advance(119_999);
    expect(await sqs.receive(url)).toEqual([]);
    sqs.clock.advance(1);
    expect(await sqs.receiveBodies(url)).toEqual(['a0', 'a1']);
  },
  async 'A group is blocked while its oldest message is delayed'(sqs) {
    const url = await sqs.create('orders.fifo', { DelaySeconds: '10' });
    await sendAll(sqs, url, 'a', 1);
    sqs.clock.advance(5_000);
    await sendAll(sqs, url, 'a', 1);
    sqs.clock.advance(5_000);

    expect(await sqs.receive(url)).toHaveLength(1);
  },
});

conforms('API_ReceiveMessage', {
  async 'Every receive counts for all messages that it hands out'(sqs) {
    const url = await sqs.create('orders.fifo', { VisibilityTimeout: '0' });
    await sendAll(sqs, url, 'a', 3);
    await sqs.receive(url);

    expect((await sqs.receive(url)).map(({ Attributes }) => Attributes?.ApproximateReceiveCount)).toEqual([
      '2',
      '2',
      '2',
    ]);
  },
  async 'An attempt id is for FIFO queues only'(sqs) {
    const QueueUrl = await sqs.create('orders');

    expect(await sqs.errorCode('ReceiveMessage', { QueueUrl, ReceiveRequestAttemptId: 'one' })).toBe(
      'InvalidParameterValueException',
    );
  },
});

conforms('using-receiverequestattemptid-request-parameter', {
  async 'A receive that is repeated with its attempt id answers the same messages and handles'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 2);
    const attempt = { ReceiveRequestAttemptId: 'one' };
    const first = await sqs.receive(url, attempt);
    sqs.clock.advance(20_000);

    expect(await sqs.receive(url, attempt)).toEqual(first);
    expect(await sqs.receive(url, { ReceiveRequestAttemptId: 'two' })).toEqual([]);
  },
  async 'A repeated receive resets the visibility timeout'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 1);
    const attempt = { ReceiveRequestAttemptId: 'one' };
    await sqs.receive(url, attempt);
    sqs.clock.advance(20_000);
    await sqs.receive(url, attempt);
    sqs.clock.advance(29_999);
    expect(await sqs.receive(url)).toEqual([]);
    sqs.clock.advance(1);
    expect(await sqs.receive(url)).toHaveLength(1);
  },
});
