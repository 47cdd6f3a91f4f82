import { conforms } from './conformance.ts';
import { INVALID } from './sqs-under-test.ts';

const LARGEST = 1_048_576;

conforms('API_SendMessage', {
  async 'SendMessage answers an id and the MD5 of the body in UTF-8'(sqs) {
    const sent = await sqs.send(await sqs.create('orders'), 'é😀');

    expect(sent).toEqual({
      MessageId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      MD5OfMessageBody: '62b3afe3b01f6f80152b567d9b216cde',
    });
  },
  async 'A body has one character at least'(sqs, QueueUrl) {
    const refused = { code: 'MissingRequiredParameterException' };

    expect(await sqs.refusal('SendMessage', { QueueUrl, MessageBody: '' })).toMatchObject(refused);
    expect(await sqs.refusal('SendMessage', { QueueUrl })).toEqual({
      ...refused,
      message: 'The request must contain the parameter MessageBody.',
    });
  },
  async 'The trace header does not count towards the size'(sqs) {
    const url = await sqs.create('orders', { MaximumMessageSize: '1024' });
    const AWSTraceHeader = { DataType: 'String', StringValue: 'Root=1-5759e988-bd862e3fe1be46a994272793' };

    await sqs.send(url, 'x'.repeat(1_024), { MessageSystemAttributes: { AWSTraceHeader } });
  },
  async 'Tabs, line ends, emoji and everything else that XML allows can be sent'(sqs, url) {
    const body = '\t\n\r \u{7f}\u{d7ff}\u{e000}\u{fffd}\u{10000}😀\u{10ffff}';
    await sqs.send(url, body);

    expect(await sqs.receiveBodies(url)).toEqual([body]);
  },
  async 'Characters that XML does not allow are refused with InvalidMessageContents'(sqs, QueueUrl) {
    for (const character of ['\0', '\u{8}', '\u{b}', '\u{1f}', '\u{fffe}', '\u{ffff}', '\ud800', '\udc00'])
      await sqs.refuses('SendMessage', 'InvalidMessageContents', { QueueUrl, MessageBody: `a${character}b` });
  },
  async 'A message can be delayed for up to 900 seconds'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'later', { DelaySeconds: 900 });
    sqs.clock.advance(899_999);
    expect(await sqs.receive(QueueUrl)).toEqual([]);
    sqs.clock.advance(1);
    expect(await sqs.receiveBodies(QueueUrl)).toEqual(['later']);

    for (const DelaySeconds of [-1, 901]) await sqs.refusesToSend(QueueUrl, INVALID, { DelaySeconds });
  },
  async 'A message of a FIFO queue has no delay of its own'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');
    const input = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'd' };

    expect(await sqs.refusal('SendMessage', { ...input, DelaySeconds: 2 })).toEqual({
      code: 'InvalidParameterValueException',
      message:
        'Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
    });
  },
  async 'A message of a FIFO queue needs a message group'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');

    expect(
      await sqs.refusal('SendMessage', { QueueUrl, MessageBody: 'x', MessageDeduplicationId: 'd' }),
    ).toEqual({
      code: 'MissingRequiredParameterException',
      message: 'The request must contain the parameter MessageGroupId.',
    });
  },
  async 'A message of a FIFO queue needs a deduplication id, or content-based deduplication'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');
    const input = { QueueUrl, MessageBody: 'x', MessageGroupId: 'g' };
    await sqs.refuses('SendMessage', INVALID, input);

    await sqs.set(QueueUrl, { ContentBasedDeduplication: 'true' });
    await sqs.call('SendMessage', input);
  },
  async 'A message of a standard queue has no deduplication id'(sqs, QueueUrl) {
    await sqs.refusesToSend(QueueUrl, INVALID, { MessageDeduplicationId: 'd' });
  },
  async 'Group and deduplication ids have 1 to 128 alphanumeric characters and punctuation'(sqs) {
    const QueueUrl = await sqs.create('orders.fifo');
    const input = { QueueUrl, MessageBody: 'x' };
    const ok = 'azAZ09!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';
    await sqs.call('SendMessage', { ...input, MessageGroupId: ok, MessageDeduplicationId: ok });
    const long = 'a'.repeat(128);
    await sqs.call('SendMessage', { ...input, MessageGroupId: long, MessageDeduplicationId: long });

    for (const id of ['', `${long}a`, 'a b', 'ä', '😀', 'a\n']) {
      const ids = [
        { MessageGroupId: id, MessageDeduplicationId: ok },
        { MessageGroupId: ok, MessageDeduplicationId: id },
      ];
      for (const each of ids) await sqs.refuses('SendMessage', INVALID, { ...input, ...each });
    }
  },
  async 'Messages of a FIFO queue get growing sequence numbers of 20 digits'(sqs) {
    const url = await sqs.create('orders.fifo');
    const first = String((await sqs.sendTo(url, 'a', '1')).SequenceNumber);
    const second = String((await sqs.sendTo(url, 'b', '2')).SequenceNumber);

    expect(first).toMatch(/^\d{20}$/);
    expect(BigInt(second)).toBeGreaterThan(BigInt(first));
    expect((await sqs.receive(url)).map(({ Attributes }) => Attributes?.SequenceNumber)).toEqual([
      first,
      second,
    ]);
  },
});

conforms('quotas-messages', {
  async 'A message has up to 1 MiB'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'x'.repeat(LARGEST));

    expect(await sqs.refusal('SendMessage', { QueueUrl, MessageBody: 'x'.repeat(LARGEST + 1) })).toEqual({
      code: 'InvalidParameterValueException',
      message: 'One or more parameters are invalid. Reason: Message must be shorter than 1048576 bytes.',
    });
  },
  async 'The size is counted in bytes of UTF-8, attributes included'(sqs) {
    const QueueUrl = await sqs.create('orders', { MaximumMessageSize: '1024' });
    const MessageAttributes = { name: { DataType: 'String', StringValue: 'value' } };
    const attributeBytes = 'name'.length + 'String'.length + 'value'.length;
    await sqs.send(QueueUrl, 'x'.repeat(1_024 - attributeBytes), { MessageAttributes });

    const refused = { code: 'InvalidParameterValueException' };
    const tooLong = { QueueUrl, MessageBody: 'x'.repeat(1_025 - attributeBytes), MessageAttributes };
    expect(await sqs.refusal('SendMessage', tooLong)).toMatchObject(refused);
    expect(await sqs.refusal('SendMessage', { QueueUrl, MessageBody: 'é'.repeat(513) })).toMatchObject(
      refused,
    );
  },
});

conforms('sqs-message-timers', {
  async "A message's own delay replaces the queue's"(sqs) {
    const url = await sqs.create('orders', { DelaySeconds: '60' });
    await sqs.send(url, 'now', { DelaySeconds: 0 });
    await sqs.send(url, 'later');

    expect(await sqs.receiveBodies(url)).toEqual(['now']);
    expect(await sqs.attributes(url)).toMatchObject({ ApproximateNumberOfMessagesDelayed: '1' });
    sqs.clock.advance(60_000);
    expect(await sqs.receiveBodies(url)).toContain('later');
  },
});

conforms('sqs-delay-queues', {
  async 'A new delay of a standard queue does not change messages that are in it'(sqs) {
    const url = await sqs.create('orders', { DelaySeconds: '60' });
    await sqs.send(url, 'later');
    await sqs.set(url, { DelaySeconds: '0' });
    expect(await sqs.receive(url)).toEqual([]);
  },
  async 'A new delay of a FIFO queue changes messages that are in it'(sqs) {
    const url = await sqs.create('orders.fifo', { DelaySeconds: '60' });
    await sqs.sendTo(url, 'group', 'later');
    await sqs.set(url, { DelaySeconds: '0' });
    expect(await sqs.receiveBodies(url)).toEqual(['later']);
  },
});
