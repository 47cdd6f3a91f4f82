import { conforms } from './conformance.ts';
import { INVALID } from './sqs-under-test.ts';

conforms('sqs-visibility-timeout', {
  async 'A received message is hidden for the visibility timeout of its queue'(sqs, url) {
    await sqs.send(url, 'x');
    await sqs.receiveOne(url);
    sqs.clock.advance(29_999);
    expect(await sqs.receive(url)).toEqual([]);
    expect(await sqs.attributes(url)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
    sqs.clock.advance(1);
    expect(await sqs.receiveBodies(url)).toEqual(['x']);
  },
});

conforms('API_ReceiveMessage', {
  async 'A receive can set another visibility timeout, of 0 to 43,200 seconds'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'x');
    await sqs.receiveOne(QueueUrl, { VisibilityTimeout: 0 });
    await sqs.receiveOne(QueueUrl, { VisibilityTimeout: 43_200 });
    sqs.clock.advance(43_199_999);
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    for (const VisibilityTimeout of [-1, 43_201])
      await sqs.refuses('ReceiveMessage', INVALID, { QueueUrl, VisibilityTimeout });
  },
  async 'A receive takes 1 to 10 messages, and one by default'(sqs, QueueUrl) {
    for (const body of '0123456789abcdef') await sqs.send(QueueUrl, body);

    expect(await sqs.receive(QueueUrl, { MaxNumberOfMessages: undefined })).toHaveLength(1);
    expect(await sqs.receive(QueueUrl, { MaxNumberOfMessages: 10 })).toHaveLength(10);
    for (const MaxNumberOfMessages of [0, 11])
      expect(await sqs.refusal('ReceiveMessage', { QueueUrl, MaxNumberOfMessages })).toEqual({
        code: 'InvalidParameterValueException',
        message: `Value ${MaxNumberOfMessages} for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.`,
      });
  },
  async 'Receives are counted, and the time of the first one is kept'(sqs, url) {
    await sqs.send(url, 'x');
    sqs.clock.advance(1_000);
    await sqs.receiveOne(url, { VisibilityTimeout: 0 });
    sqs.clock.advance(1_000);

    expect((await sqs.receiveOne(url)).Attributes).toEqual({
      ApproximateFirstReceiveTimestamp: '1700000001000',
      ApproximateReceiveCount: '2',
      SenderId: expect.any(String),
      SentTimestamp: '1700000000000',
    });
  },
  async 'A receive answers only the system attributes that it names'(sqs) {
    const url = await sqs.create('orders', { VisibilityTimeout: '0' });
    await sqs.send(url, 'x');
    const attributes = async (input: object) =>
      (await sqs.receiveOne(url, { MessageSystemAttributeNames: [], ...input })).Attributes;

    expect(await attributes({})).toBeUndefined();
    expect(await attributes({ MessageSystemAttributeNames: ['SentTimestamp'] })).toEqual({
      SentTimestamp: '1700000000000',
    });
    expect(await attributes({ AttributeNames: ['ApproximateReceiveCount'] })).toEqual({
      ApproximateReceiveCount: '3',
    });
  },
});

conforms('API_ChangeMessageVisibility', {
  async 'ChangeMessageVisibility sets the timeout anew, counted from now'(sqs, url) {
    await sqs.send(url, 'x');
    const message = await sqs.receiveOne(url);
    sqs.clock.advance(20_000);
    await sqs.hide(url, message, 60);
    sqs.clock.advance(59_999);
    expect(await sqs.receive(url)).toEqual([]);
    sqs.clock.advance(1);
    expect(await sqs.receive(url)).toHaveLength(1);
  },
  async 'A message stays hidden for twelve hours at most from its receive'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'x');
    const message = await sqs.receiveOne(QueueUrl);
    const { ReceiptHandle } = message;
    sqs.clock.advance(10_000);
    await sqs.hide(QueueUrl, message, 43_190);

    expect(
      await sqs.refusal('ChangeMessageVisibility', { QueueUrl, ReceiptHandle, VisibilityTimeout: 43_191 }),
    ).toEqual({
      code: 'InvalidParameterValueException',
      message:
        'Value 43191 for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [43200 seconds]',
    });
  },
  async 'ChangeMessageVisibility is refused with MessageNotInflight once the timeout is over'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'x');
    const { ReceiptHandle } = await sqs.receiveOne(QueueUrl);
    sqs.clock.advance(30_000);

    await sqs.refuses('ChangeMessageVisibility', 'MessageNotInflight', {
      QueueUrl,
      ReceiptHandle,
      VisibilityTimeout: 1,
    });
  },
  async 'ChangeMessageVisibility is refused for a message that was deleted'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'x');
    const message = await sqs.receiveOne(QueueUrl);
    await sqs.delete(QueueUrl, message);
    const { ReceiptHandle } = message;

    await sqs.refuses('ChangeMessageVisibility', INVALID, { QueueUrl, ReceiptHandle, VisibilityTimeout: 1 });
  },
});

conforms('API_DeleteMessage', {
  async 'DeleteMessage deletes, and does so again without an error'(sqs, url) {
    await sqs.send(url, 'x');
    const message = await sqs.receiveOne(url);
    await sqs.delete(url, message, message);
    sqs.clock.advance(30_000);

    expect(await sqs.receive(url)).toEqual([]);
  },
  async 'Every receive gives another receipt handle'(sqs) {
    const url = await sqs.create('orders', { VisibilityTimeout: '0' });
    await sqs.send(url, 'x');
    const [one, two] = [await sqs.receiveOne(url), await sqs.receiveOne(url)];

    expect(one.MessageId).toBe(two.MessageId);
    expect(one.ReceiptHandle).not.toBe(two.ReceiptHandle);
  },
  async 'Standard queue: the handle of an earlier receive is accepted, and the message stays'(sqs, url) {
    await sqs.send(url, 'x');
    const old = await sqs.receiveOne(url, { VisibilityTimeout: 0 });
    const current = await sqs.receiveOne(url);
    await sqs.delete(url, old);
    expect(await sqs.attributes(url)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '1' });
    await sqs.delete(url, current);
    expect(await sqs.attributes(url)).toMatchObject({ ApproximateNumberOfMessagesNotVisible: '0' });
  },
  async 'Standard queue: the last handle deletes also after the visibility timeout'(sqs, url) {
    await sqs.send(url, 'x');
    const message = await sqs.receiveOne(url);
    sqs.clock.advance(30_000);
    await sqs.delete(url, message);

    expect(await sqs.receive(url)).toEqual([]);
  },
  async 'FIFO queue: the handle expires with the visibility timeout'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');
    await sqs.sendTo(QueueUrl, 'g', 'x');
    const { ReceiptHandle } = await sqs.receiveOne(QueueUrl);
    sqs.clock.advance(30_000);

    expect(await sqs.refusal('DeleteMessage', { QueueUrl, ReceiptHandle })).toEqual({
      code: 'InvalidParameterValueException',
      message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
    });
    expect(await sqs.receiveBodies(QueueUrl)).toEqual(['x']);
  },
  async 'A text that is no receipt handle of the queue is refused with ReceiptHandleIsInvalid'(sqs) {
    const [QueueUrl, other] = [await sqs.create('orders'), await sqs.create('other')];
    await sqs.send(other, 'x');
    for (const ReceiptHandle of ['nonsense', '', (await sqs.receiveOne(other)).ReceiptHandle])
      await sqs.refuses('DeleteMessage', 'ReceiptHandleIsInvalid', { QueueUrl, ReceiptHandle });
  },
});

conforms('API_SetQueueAttributes', {
  async 'A message is deleted after the retention period, wherever it is'(sqs) {
    const url = await sqs.create('orders', { MessageRetentionPeriod: '60', VisibilityTimeout: '3600' });
    await sqs.send(url, 'in flight');
    await sqs.receiveOne(url);
    await sqs.send(url, 'visible');
    sqs.clock.advance(59_999);
    expect(await sqs.attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '1',
      ApproximateNumberOfMessagesNotVisible: '1',
    });
    sqs.clock.advance(1);
    expect(await sqs.attributes(url)).toMatchObject({
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
    });
  },
  async 'A shorter retention period holds for messages that are in the queue'(sqs, url) {
    await sqs.send(url, 'old');
    sqs.clock.advance(61_000);
    await sqs.send(url, 'new');
    await sqs.set(url, { MessageRetentionPeriod: '60' });

    expect(await sqs.receiveBodies(url)).toEqual(['new']);
  },
});
