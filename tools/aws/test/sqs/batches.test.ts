import { conforms } from './conformance.ts';
import { range } from './sqs-under-test.ts';

const entries = (count: number, MessageBody = 'x') =>
  range(count).map((index) => ({ Id: String(index), MessageBody }));

conforms('API_SendMessageBatch', {
  async 'SendMessageBatch answers for every entry on its own'(sqs, QueueUrl) {
    const Entries = [
      { Id: 'good', MessageBody: 'hello' },
      { Id: 'bad', MessageBody: '\0' },
    ];

    expect(await sqs.call('SendMessageBatch', { QueueUrl, Entries })).toEqual({
      Successful: [
        {
          Id: 'good',
          MessageId: expect.any(String),
          MD5OfMessageBody: '5d41402abc4b2a76b9719d911017c592',
        },
      ],
      Failed: [
        {
          Id: 'bad',
          SenderFault: true,
          Code: 'InvalidMessageContents',
          Message: expect.stringContaining('Invalid characters'),
        },
      ],
    });
  },
  async 'A batch has one entry at least'(sqs, QueueUrl) {
    for (const operation of ['SendMessageBatch', 'DeleteMessageBatch', 'ChangeMessageVisibilityBatch'])
      await sqs.refuses(operation, 'EmptyBatchRequest', { QueueUrl, Entries: [] });
  },
  async 'A batch has ten entries at most'(sqs, QueueUrl) {
    await sqs.call('SendMessageBatch', { QueueUrl, Entries: entries(10) });

    expect(await sqs.refusal('SendMessageBatch', { QueueUrl, Entries: entries(11) })).toEqual({
      code: 'TooManyEntriesInBatchRequest',
      message: 'Maximum number of entries per request are 10. You have sent 11.',
    });
  },
  async 'The ids of a batch are distinct'(sqs, QueueUrl) {
    expect(
      await sqs.refusal('SendMessageBatch', { QueueUrl, Entries: [...entries(2), ...entries(1)] }),
    ).toEqual({ code: 'BatchEntryIdsNotDistinct', message: 'Id 0 repeated.' });
    expect(await sqs.receive(QueueUrl)).toEqual([]);
  },
  async 'The messages of a batch have up to 1 MiB together'(sqs, QueueUrl) {
    await sqs.call('SendMessageBatch', { QueueUrl, Entries: entries(4, 'x'.repeat(262_144)) });

    expect(
      await sqs.refusal('SendMessageBatch', { QueueUrl, Entries: entries(4, 'x'.repeat(262_145)) }),
    ).toEqual({
      code: 'BatchRequestTooLong',
      message: 'Batch requests cannot be longer than 1048576 bytes. You have sent 1048580 bytes.',
    });
  },
  async 'Message attributes count towards the size of a batch'(sqs, QueueUrl) {
    const MessageAttributes = { name: { DataType: 'String', StringValue: 'value' } };
    const Entries = entries(4, 'x'.repeat(262_144)).map((entry) => ({ ...entry, MessageAttributes }));

    await sqs.refuses('SendMessageBatch', 'BatchRequestTooLong', { QueueUrl, Entries });
  },
  async 'The entries of a batch to a FIFO queue keep their order'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');
    const Entries = range(10).map((index) => ({
      Id: String(index),
      MessageBody: String(index),
      MessageGroupId: 'g',
      MessageDeduplicationId: String(index),
    }));
    await sqs.call('SendMessageBatch', { QueueUrl, Entries });

    expect(await sqs.receiveBodies(QueueUrl)).toEqual([...'0123456789']);
  },
});

conforms('API_BatchResultErrorEntry', {
  async 'A failed entry carries the code of the query protocol'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');
    const { Failed } = await sqs.call('SendMessageBatch', { QueueUrl, Entries: entries(1) });

    expect(Failed).toMatchObject([{ Code: 'MissingParameter', SenderFault: true }]);
  },
});

conforms('API_SendMessageBatchRequestEntry', {
  async 'An id of a batch has 1 to 80 alphanumeric characters, hyphens and underscores'(sqs, QueueUrl) {
    const Entries = [{ Id: 'aZ9-_'.repeat(16), MessageBody: 'x' }];
    await sqs.call('SendMessageBatch', { QueueUrl, Entries });
    for (const Id of ['', 'a'.repeat(81), 'a.b', 'a b'])
      await sqs.refuses('SendMessageBatch', 'InvalidBatchEntryId', {
        QueueUrl,
        Entries: [{ Id, MessageBody: 'x' }],
      });
  },
});

conforms('API_DeleteMessageBatch', {
  async 'DeleteMessageBatch and ChangeMessageVisibilityBatch answer for every entry on their own'(
    sqs,
    QueueUrl,
  ) {
    for (const body of 'ab') await sqs.send(QueueUrl, body);
    const [a, b] = await sqs.receive(QueueUrl);
    const invalid = { Id: '1', ReceiptHandle: 'nonsense' };
    const answer = {
      Successful: [{ Id: '0' }],
      Failed: [{ Id: '1', Code: 'ReceiptHandleIsInvalid', SenderFault: true, Message: expect.any(String) }],
    };

    const deleted = [{ Id: '0', ReceiptHandle: a?.ReceiptHandle }, invalid];
    expect(await sqs.call('DeleteMessageBatch', { QueueUrl, Entries: deleted })).toEqual(answer);
    const shown = [{ Id: '0', ReceiptHandle: b?.ReceiptHandle }, invalid].map((entry) => ({
      ...entry,
      VisibilityTimeout: 0,
    }));
    expect(await sqs.call('ChangeMessageVisibilityBatch', { QueueUrl, Entries: shown })).toEqual(answer);
    expect(await sqs.receiveBodies(QueueUrl)).toEqual(['b']);
  },
});
