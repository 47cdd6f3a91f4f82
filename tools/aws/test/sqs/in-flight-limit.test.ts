import type { Queue } from '../../sqs/queue.ts';
import { QueueStore } from '../../sqs/queue-store.ts';
import { conforms } from './conformance.ts';
import { range, type SqsUnderTest } from './sqs-under-test.ts';

const LIMIT = 120_000;

const content = {
  groupId: 'g',
  body: 'x',
  md5OfBody: '9dd4e461268c8034f5c8564e155c67a6',
  attributes: new Map(),
  traceHeader: undefined,
  deduplicationId: undefined,
  senderId: 'sender',
  deadLetterSourceArn: undefined,
};

/** A queue with 120,000 messages in flight. They are not sent one by one: that would take half a minute. */
const createFull = async (sqs: SqsUnderTest, name: string): Promise<string> => {
  const created = jest.spyOn(QueueStore.prototype, 'create');
  const url = await sqs.create(name);
  const queue: Queue = created.mock.results[0]?.value;
  created.mockRestore();
  for (const index of range(LIMIT)) queue.add({ ...content, id: `m${index}` });
  queue.receive(LIMIT, 3_600);
  return url;
};

conforms('quotas-messages', {
  async 'A standard queue with 120,000 messages in flight refuses short polls with OverLimit'(sqs) {
    const QueueUrl = await createFull(sqs, 'orders');
    await sqs.send(QueueUrl, 'one more');
    expect(await sqs.attributes(QueueUrl)).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '120000',
    });

    await sqs.refuses('ReceiveMessage', 'OverLimit', { QueueUrl });
    const polled = sqs.receive(QueueUrl, { WaitTimeSeconds: 1 });
    await Promise.resolve();
    sqs.clock.advance(1_000);
    expect(await polled).toEqual([]);
  },
  async 'A FIFO queue with 120,000 messages in flight hands out none, without an error'(sqs) {
    const url = await createFull(sqs, 'orders.fifo');
    await sqs.sendTo(url, 'another', 'one more');

    expect(await sqs.receive(url)).toEqual([]);
  },
});
