import { badArgument, ServiceBusError } from './errors.ts';
import { ID_LENGTH, MESSAGE_BYTES, PROPERTIES_BYTES } from './limits.ts';

export type PropertyValue = string | number | boolean | Date;
export type Properties = Readonly<Record<string, PropertyValue>>;

/**
 * What a sender sends.
 * Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-messages-payloads
 */
export interface MessageContent {
  readonly body: Buffer;
  readonly messageId?: string | undefined;
  readonly sessionId?: string | undefined;
  readonly subject?: string | undefined;
  readonly correlationId?: string | undefined;
  readonly contentType?: string | undefined;
  readonly to?: string | undefined;
  readonly replyTo?: string | undefined;
  readonly replyToSessionId?: string | undefined;
  readonly partitionKey?: string | undefined;
  readonly timeToLiveMs?: number | undefined;
  /** In milliseconds since the epoch. */
  readonly scheduledAt?: number | undefined;
  readonly properties: Properties;
}

/** A message of a subscription or of its dead-letter queue. */
export interface StoredMessage {
  content: MessageContent;
  /** Unique in the subscription, ascending. */
  readonly sequenceNumber: number;
  /** The number that the topic gave it. */
  readonly enqueuedSequenceNumber: number;
  /** In milliseconds since the epoch. */
  readonly enqueuedAt: number;
  /** How often a delivery has failed. Clients of .NET count the current delivery, too. */
  deliveryCount: number;
  lock: Lock | undefined;
}

export interface Lock {
  readonly token: string;
  /** In milliseconds since the epoch. */
  until: number;
  cancel(): void;
}

const propertiesBytes = (properties: Properties): number =>
  Object.entries(properties).reduce(
    (bytes, [name, value]) => bytes + Buffer.byteLength(name) + Buffer.byteLength(String(value)),
    0,
  );

/** What AMQP adds to the smallest message. Microsoft does not say what exactly the limit counts. */
const ENVELOPE_BYTES = 64;

/** Bytes of a message, body and headers, as the limit counts them. */
export const sizeOf = ({ body, properties, ...headers }: MessageContent): number =>
  ENVELOPE_BYTES +
  body.length +
  propertiesBytes(properties) +
  Object.values(headers).reduce<number>((bytes, value) => bytes + Buffer.byteLength(String(value ?? '')), 0);

const checkLength = (name: string, value: string | undefined): void => {
  if (value !== undefined && value.length > ID_LENGTH)
    throw badArgument(
      `The length of ${name} is ${value.length}; at most ${ID_LENGTH} characters are allowed.`,
    );
};

/** @throws ServiceBusError for a message that Service Bus does not take */
export const checkMessage = (content: MessageContent): void => {
  const { messageId, sessionId, partitionKey, properties } = content;
  checkLength('MessageId', messageId);
  checkLength('SessionId', sessionId);
  checkLength('PartitionKey', partitionKey);
  if (sessionId !== undefined && partitionKey !== undefined && sessionId !== partitionKey)
    throw badArgument('PartitionKey and SessionId must be the same where both are set.');
  if (propertiesBytes(properties) > PROPERTIES_BYTES)
    throw badArgument(`The application properties take more than ${PROPERTIES_BYTES} bytes.`);
  checkSize(sizeOf(content));
};

/** @throws ServiceBusError for more bytes than a message, or all messages of a batch, may have */
export const checkSize = (bytes: number): void => {
  if (bytes <= MESSAGE_BYTES) return;
  throw new ServiceBusError(
    'amqp:link:message-size-exceeded',
    `The received message (size:${bytes} bytes) exceeds the limit (${MESSAGE_BYTES} bytes) currently allowed on the link.`,
  );
};
