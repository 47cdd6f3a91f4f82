import { conforms } from './conformance.ts';
import { INVALID, range, type SqsUnderTest } from './sqs-under-test.ts';

const sendAll = async (sqs: SqsUnderTest, url: string, group: string, count: number): Promise<void> => {
  for (const index of range(count)) await sqs.sendTo(url, group, `${group}${index}`);
};

conforms('FIFO-queues-understanding-logic', {
  async 'A receive hands out up to ten messages of one group, in order'(sqs) {
    const url = await sqs.create('orders.fifo');
    await sendAll(sqs, url, 'a', 12);

    expect(await sqs.receiveBodies(url)).toEqual(range(10).map((index) => `a${index}`));
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
  async 'An attempt id is for FIFO queues only'(sqs, QueueUrl) {
    await sqs.refuses('ReceiveMessage', INVALID, { QueueUrl, ReceiveRequestAttemptId: 'one' });
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
