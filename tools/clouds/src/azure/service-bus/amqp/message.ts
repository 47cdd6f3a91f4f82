import type { Message } from 'rhea';
import { badArgument, notImplemented } from '../errors.ts';
import type { MessageContent, Properties, PropertyValue, StoredMessage } from '../message.ts';
import { dataSection, decode, encode, long } from './rhea.ts';

/** Source: https://learn.microsoft.com/azure/service-bus-messaging/service-bus-amqp-protocol-guide#message-annotations */
const ANNOTATIONS = {
  sequenceNumber: 'x-opt-sequence-number',
  enqueuedSequenceNumber: 'x-opt-enqueue-sequence-number',
  enqueuedTime: 'x-opt-enqueued-time',
  lockedUntil: 'x-opt-locked-until',
  scheduledEnqueueTime: 'x-opt-scheduled-enqueue-time',
  partitionKey: 'x-opt-partition-key',
} as const;

/** The message format of a batch: data sections that hold a message each. */
const BATCH_FORMAT = 0x80013700;
const DATA_SECTION = 0x75;

const text = (name: string, value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  throw notImplemented(`a ${name} that is not text`);
};

const propertyValue = (name: string, value: unknown): PropertyValue => {
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return value;
  throw notImplemented(`the type of the property ${name}; text, numbers, booleans and dates are`);
};

/** @throws ServiceBusError for values of other types */
export const readProperties = (properties: unknown): Properties =>
  Object.fromEntries(
    Object.entries(Object(properties) as object)
      .filter(([, value]) => value !== undefined && value !== null)
      .map(([name, value]) => [name, propertyValue(name, value)]),
  );

const readBody = (body: unknown): Buffer => {
  const section = Object(body);
  if (Buffer.isBuffer(body)) return body;
  if (section.typecode !== DATA_SECTION) throw notImplemented('message bodies that are no data sections');
  return section.multiple === true ? Buffer.concat(section.content) : Buffer.from(section.content);
};

const time = (value: unknown): number | undefined => {
  if (value === undefined || value === null) return undefined;
  const ms = Number(value);
  if (Number.isNaN(ms)) throw badArgument(`${String(value)} is not a time.`);
  return ms;
};

/** @throws ServiceBusError for parts that are not implemented */
export const readMessage = (message: Message): MessageContent => {
  const annotations = Object(message.message_annotations);
  return {
    body: readBody(message.body),
    messageId: text('message id', message.message_id),
    sessionId: text('session id', message.group_id),
    subject: text('subject', message.subject),
    correlationId: text('correlation id', message.correlation_id),
    contentType: text('content type', message.content_type),
    to: text('to', message.to),
    replyTo: text('reply to', message.reply_to),
    replyToSessionId: text('reply to session id', message.reply_to_group_id),
    partitionKey: text('partition key', annotations[ANNOTATIONS.partitionKey]),
    timeToLiveMs: message.ttl === undefined ? undefined : Number(message.ttl),
    scheduledAt: time(annotations[ANNOTATIONS.scheduledEnqueueTime]),
    properties: readProperties(message.application_properties),
  };
};

/** The messages of a transfer: one, or those of a batch. */
export const readTransfer = (
  message: Message | Buffer,
  format: number | undefined,
): readonly MessageContent[] => {
  if (!Buffer.isBuffer(message)) return [readMessage(message)];
  if (format !== BATCH_FORMAT) throw notImplemented(`the message format ${format}`);
  const { body } = decode(message);
  const parts: readonly Buffer[] = Object(body).multiple === true ? body.content : [body.content];
  return parts.map((part) => readMessage(decode(part)));
};

/** A message as receivers get it, encoded. */
export const writeMessage = (message: Readonly<StoredMessage>, { omitBody = false } = {}): Buffer => {
  const { content, sequenceNumber, enqueuedSequenceNumber, enqueuedAt, deliveryCount, lock } = message;
  const { scheduledAt, partitionKey } = content;
  return encode({
    delivery_count: deliveryCount,
    ttl: content.timeToLiveMs,
    message_annotations: {
      [ANNOTATIONS.sequenceNumber]: long(sequenceNumber),
      [ANNOTATIONS.enqueuedSequenceNumber]: long(enqueuedSequenceNumber),
      [ANNOTATIONS.enqueuedTime]: new Date(enqueuedAt),
      ...(lock && { [ANNOTATIONS.lockedUntil]: new Date(lock.until) }),
      ...(scheduledAt !== undefined && { [ANNOTATIONS.scheduledEnqueueTime]: new Date(scheduledAt) }),
      ...(partitionKey !== undefined && { [ANNOTATIONS.partitionKey]: partitionKey }),
    },
    message_id: content.messageId,
    to: content.to,
    subject: content.subject,
    reply_to: content.replyTo,
    correlation_id: content.correlationId,
    content_type: content.contentType,
    group_id: content.sessionId,
    reply_to_group_id: content.replyToSessionId,
    application_properties: content.properties,
    body: dataSection(omitBody ? Buffer.alloc(0) : content.body),
  });
};
