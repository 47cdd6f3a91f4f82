import type { JsonObject } from '../protocol/service.ts';

/** A message in an answer of ReceiveMessage; binary values are base64 there, too. */
interface Message {
  readonly MessageId: string;
  readonly ReceiptHandle: string;
  readonly Body: string;
  readonly MD5OfBody: string;
  readonly MD5OfMessageAttributes?: string;
  readonly Attributes?: Readonly<Record<string, string>>;
  readonly MessageAttributes?: Readonly<Record<string, MessageAttribute>>;
}

interface MessageAttribute {
  readonly DataType: string;
  readonly StringValue?: string;
  readonly BinaryValue?: string;
}

const attribute = ({ StringValue, BinaryValue, DataType }: MessageAttribute) => ({
  ...(StringValue === undefined ? {} : { stringValue: StringValue }),
  ...(BinaryValue === undefined ? {} : { binaryValue: BinaryValue }),
  stringListValues: [],
  binaryListValues: [],
  dataType: DataType,
});

const messageAttributes = (attributes: Message['MessageAttributes'] = {}) =>
  Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, attribute(value)]));

/**
 * A received message as Lambda hands it to a function.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-fifo-message-event
 * @param received a message of ReceiveMessage's answer
 */
export const toSqsRecord = (received: JsonObject, queueArn: string) => {
  const message = received as unknown as Message;
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: { ...message.Attributes },
    messageAttributes: messageAttributes(message.MessageAttributes),
    md5OfBody: message.MD5OfBody,
    ...(message.MD5OfMessageAttributes === undefined
      ? {}
      : { md5OfMessageAttributes: message.MD5OfMessageAttributes }),
    eventSource: 'aws:sqs' as const,
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3] ?? '',
  };
};

export type SqsRecord = Readonly<ReturnType<typeof toSqsRecord>>;
