import { conforms } from './conformance.ts';
import { INVALID, range } from './sqs-under-test.ts';

const text = (StringValue: string, DataType = 'String') => ({ DataType, StringValue });

conforms('API_ReceiveMessage', {
  async 'A receive answers the attributes that it names, with types and values'(sqs) {
    const url = await sqs.create('orders', { VisibilityTimeout: '0' });
    const MessageAttributes = {
      'tenant.id': text('t1'),
      'tenant.size': text('12.5', 'Number'),
      raw: { DataType: 'Binary.png', BinaryValue: 'AQID' },
    };
    await sqs.send(url, 'x', { MessageAttributes });
    const names = async (...MessageAttributeNames: readonly string[]) =>
      (await sqs.receiveOne(url, { MessageAttributeNames })).MessageAttributes;

    expect(await names()).toBeUndefined();
    expect(await names('All')).toEqual(MessageAttributes);
    expect(await names('.*')).toEqual(MessageAttributes);
    expect(Object.keys((await names('tenant.*')) ?? {})).toEqual(['tenant.id', 'tenant.size']);
    expect(Object.keys((await names('raw', 'other')) ?? {})).toEqual(['raw']);
  },
});

conforms('sqs-message-metadata', {
  async 'The MD5 of attributes covers names, types and values in the order of names'(sqs, url) {
    // Recorded from AWS: the snapshots of LocalStack's test_receive_message_message_attribute_names_filters.
    const MessageAttributes = {
      'Help.Me': text('Me'),
      Hello: text('There'),
      General: text('Kenobi'),
    };

    expect(await sqs.send(url, 'msg', { MessageAttributes })).toMatchObject({
      MD5OfMessageAttributes: '4c360f3fdafd970e05fae2f149d997f5',
    });
    expect(await sqs.receiveOne(url, { MessageAttributeNames: ['Hello'] })).toMatchObject({
      MD5OfMessageAttributes: 'a311262e065454b75da111d535b8dacd',
    });
  },
  async 'A message has up to ten attributes'(sqs, QueueUrl) {
    const attributes = (count: number) =>
      Object.fromEntries(range(count).map((index) => [`a${index}`, text('x')]));
    await sqs.send(QueueUrl, 'x', { MessageAttributes: attributes(10) });

    const MessageAttributes = attributes(11);
    expect(await sqs.refusal('SendMessage', { QueueUrl, MessageBody: 'x', MessageAttributes })).toEqual({
      code: 'InvalidParameterValueException',
      message: 'Number of message attributes [11] exceeds the allowed maximum [10].',
    });
  },
  async 'An attribute name has up to 256 characters, no reserved prefix and no period at its ends or in a row'(
    sqs,
    QueueUrl,
  ) {
    await sqs.send(QueueUrl, 'x', {
      MessageAttributes: { ['a'.repeat(256)]: text('x'), 'a.b-c_9': text('x'), awsome: text('x') },
    });
    for (const name of ['', 'a'.repeat(257), '.a', 'a.', 'a..b', 'AWS.a', 'amazon.a', 'a b', 'ä'])
      await sqs.refusesToSend(QueueUrl, INVALID, { MessageAttributes: { [name]: text('x') } });
  },
  async 'An attribute has a type of String, Number or Binary, with or without a label, and one value'(
    sqs,
    QueueUrl,
  ) {
    const invalid = [
      {},
      text('x', 'Text'),
      text('x', ''),
      text(''),
      text('many', 'Number'),
      { DataType: 'Binary', StringValue: 'x' },
      { DataType: 'String', BinaryValue: 'AQID' },
      { DataType: 'String', StringValue: 'x', BinaryValue: 'AQID' },
    ];
    for (const attribute of invalid)
      await sqs.refusesToSend(QueueUrl, INVALID, { MessageAttributes: { name: attribute } });
    await sqs.send(QueueUrl, 'x', { MessageAttributes: { name: text('-1.5e3', 'Number.float') } });
  },
});

conforms('API_MessageAttributeValue', {
  async 'Values of attributes have the same characters as bodies'(sqs, QueueUrl) {
    await sqs.send(QueueUrl, 'x', { MessageAttributes: { name: text('😀') } });
    const MessageAttributes = { name: text('\0') };

    await sqs.refusesToSend(QueueUrl, 'InvalidMessageContents', { MessageAttributes });
  },
});

conforms('API_SendMessage', {
  async 'AWSTraceHeader is the only system attribute that can be sent'(sqs, QueueUrl) {
    const AWSTraceHeader = text('Root=1-5759e988-bd862e3fe1be46a994272793');
    await sqs.send(QueueUrl, 'x', { MessageSystemAttributes: { AWSTraceHeader } });
    expect((await sqs.receiveOne(QueueUrl)).Attributes).toMatchObject({
      AWSTraceHeader: AWSTraceHeader.StringValue,
    });

    const MessageSystemAttributes = { SenderId: text('me') };
    await sqs.refusesToSend(QueueUrl, INVALID, { MessageSystemAttributes });
  },
});
