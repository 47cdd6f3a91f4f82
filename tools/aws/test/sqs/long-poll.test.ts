import { conforms } from './conformance.ts';
import { INVALID, type Message, type SqsUnderTest } from './sqs-under-test.ts';

const poll = (sqs: SqsUnderTest, url: string, signal = new AbortController().signal): Promise<Message[]> =>
  sqs.receive(url, { WaitTimeSeconds: 20 }, { signal });
const bodies = (messages: readonly Message[]): string[] => messages.map(({ Body }) => Body);

conforms('sqs-short-and-long-polling', {
  async 'A receive waits for a message for up to WaitTimeSeconds'(sqs) {
    const received = poll(sqs, await sqs.create('orders'));
    await Promise.resolve();
    sqs.clock.advance(20_000);

    expect(await received).toEqual([]);
    expect(sqs.clock.waiting).toBe(0);
  },
  async 'A receive that waits gets a message as soon as it is sent'(sqs, url) {
    const received = poll(sqs, url);
    await sqs.send(url, 'x');

    expect(bodies(await received)).toEqual(['x']);
  },
  async 'A receive that waits gets all messages of a batch'(sqs, QueueUrl) {
    const received = poll(sqs, QueueUrl);
    const Entries = [...'abc'].map((body) => ({ Id: body, MessageBody: body }));
    await sqs.call('SendMessageBatch', { QueueUrl, Entries });

    expect(bodies(await received)).toEqual(['a', 'b', 'c']);
  },
  async 'A receive that waits gets a message whose delay ends'(sqs, url) {
    const received = poll(sqs, url);
    await sqs.send(url, 'x', { DelaySeconds: 7 });
    sqs.clock.advance(7_000);

    expect(bodies(await received)).toEqual(['x']);
  },
  async 'A receive that waits gets a message whose visibility timeout ends'(sqs) {
    const url = await sqs.create('orders', { VisibilityTimeout: '7' });
    await sqs.send(url, 'x');
    await sqs.receiveOne(url);
    const received = poll(sqs, url);
    await Promise.resolve();
    sqs.clock.advance(7_000);

    expect(bodies(await received)).toEqual(['x']);
  },
  async 'Each message goes to one of the receives that wait, first come, first served'(sqs, url) {
    const [first, second] = [poll(sqs, url), poll(sqs, url)];
    await sqs.send(url, 'a');
    await sqs.send(url, 'b');

    expect([bodies(await first), bodies(await second)]).toEqual([['a'], ['b']]);
  },
  async 'A receive whose caller has gone takes nothing'(sqs, url) {
    const gone = new AbortController();
    const received = poll(sqs, url, gone.signal);
    await Promise.resolve();
    gone.abort();
    await sqs.send(url, 'x');

    expect(await received).toEqual([]);
    expect(sqs.clock.waiting).toBe(0);
    expect((await sqs.receiveOne(url)).Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
  },
});

conforms('FIFO-queues-understanding-logic', {
  async 'A receive that waits gets the followers of a FIFO message that is deleted'(sqs) {
    const url = await sqs.create('orders.fifo');
    for (const body of ['head', 'follower']) await sqs.sendTo(url, 'g', body);
    const head = await sqs.receiveOne(url);
    const received = poll(sqs, url);
    await sqs.delete(url, head);

    expect(bodies(await received)).toEqual(['follower']);
  },
});

conforms('API_SetQueueAttributes', {
  async 'A queue can have all receives wait'(sqs) {
    const url = await sqs.create('orders', { ReceiveMessageWaitTimeSeconds: '20' });
    const received = sqs.receive(url);
    await sqs.send(url, 'x');

    expect(bodies(await received)).toEqual(['x']);
    expect(await sqs.receive(url, { WaitTimeSeconds: 0 })).toEqual([]);
  },
});

conforms('API_ReceiveMessage', {
  async 'WaitTimeSeconds is 0 to 20'(sqs, QueueUrl) {
    for (const WaitTimeSeconds of [-1, 21])
      await sqs.refuses('ReceiveMessage', INVALID, { QueueUrl, WaitTimeSeconds });
  },
  async 'Messages of an answer that cannot be delivered go back in order, uncounted'(sqs) {
    for (const name of ['orders', 'orders.fifo']) {
      const url = await sqs.create(name);
      const group = name.endsWith('.fifo');
      for (const body of 'abc') await (group ? sqs.sendTo(url, 'g', body) : sqs.send(url, body));
      const broken = new AbortController();
      const lost = await sqs.receive(url, {}, { undelivered: broken.signal });
      expect(bodies(lost)).toEqual(['a', 'b', 'c']);
      broken.abort();
      const received = await sqs.receive(url);

      expect(bodies(received)).toEqual(['a', 'b', 'c']);
      expect(received[0]?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' });
    }
  },
});
