import { conforms } from './conformance.ts';
import { ORIGIN, range, type SqsUnderTest } from './sqs-under-test.ts';

const LIMIT = 120_000;
const caller = { signal: new AbortController().signal, origin: ORIGIN };

const fill = async (sqs: SqsUnderTest, QueueUrl: string, fifo: boolean): Promise<void> => {
  for (const batch of range(LIMIT / 10)) {
    const Entries = range(10).map((index) => ({
      Id: String(index),
      MessageBody: 'x',
      ...(fifo && { MessageGroupId: `g${batch}`, MessageDeduplicationId: `${batch}-${index}` }),
    }));
    await sqs.sqs.call('AmazonSQS', 'SendMessageBatch', { QueueUrl, Entries }, caller);
    const receive = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 3_600 };
    await sqs.sqs.call('AmazonSQS', 'ReceiveMessage', receive, caller);
  }
};

conforms({
  'A standard queue with 120,000 messages in flight refuses short polls with OverLimit': {
    page: 'quotas-messages',
    check: async (sqs) => {
      const QueueUrl = await sqs.create('orders');
      await fill(sqs, QueueUrl, false);
      await sqs.send(QueueUrl, 'one more');
      expect(await sqs.attributes(QueueUrl)).toMatchObject({
        ApproximateNumberOfMessagesNotVisible: '120000',
      });

      expect(await sqs.refusal('ReceiveMessage', { QueueUrl })).toMatchObject({ code: 'OverLimit' });
      const polled = sqs.receive(QueueUrl, { WaitTimeSeconds: 1 });
      await Promise.resolve();
      sqs.clock.advance(1_000);
      expect(await polled).toEqual([]);
    },
  },
  'A FIFO queue with 120,000 messages in flight hands out none, without an error': {
    page: 'quotas-messages',
    check: async (sqs) => {
      const url = await sqs.create('orders.fifo');
      await fill(sqs, url, true);
      await sqs.sendTo(url, 'another', 'one more');

      expect(await sqs.receive(url)).toEqual([]);
    },
  },
});
