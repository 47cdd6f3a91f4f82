import { bytes, type Fields, refuseUnknown, text, texts } from './fields.ts';
import type { Attributes } from './filter.ts';
import {
  ATTRIBUTE_KEY_BYTES,
  ATTRIBUTE_VALUE_BYTES,
  ATTRIBUTES,
  ORDERING_KEY_BYTES,
  PUBLISH_BYTES,
  PUBLISH_MESSAGES,
} from './limits.ts';
import { invalidArgument } from './status.ts';

/** What a publisher sends. */
export interface MessageContent {
  readonly data: Buffer;
  readonly attributes: Attributes;
  /** Empty: the message is in no order. */
  readonly orderingKey: string;
}

/** A message as a topic has accepted it. */
export interface Message extends MessageContent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly publishedAt: number;
}

/** A message on its way to one receiver. */
export interface Delivery {
  readonly ackId: string;
  readonly message: Message;
  /** 1 at first; 0 where the subscription has no dead-letter policy. */
  readonly attempt: number;
}

const checkAttributes = (attributes: Attributes): void => {
  const all = Object.entries(attributes);
  if (all.length > ATTRIBUTES)
    throw invalidArgument(`A message has ${all.length} attributes; the limit is ${ATTRIBUTES}.`);
  for (const [key, value] of all) {
    if (key === '' || Buffer.byteLength(key) > ATTRIBUTE_KEY_BYTES)
      throw invalidArgument(`The attribute key "${key}" is not 1 to ${ATTRIBUTE_KEY_BYTES} bytes long.`);
    if (key.startsWith('goog')) throw invalidArgument(`The attribute key "${key}" begins with "goog".`);
    if (Buffer.byteLength(value) > ATTRIBUTE_VALUE_BYTES)
      throw invalidArgument(
        `The value of the attribute "${key}" is longer than ${ATTRIBUTE_VALUE_BYTES} bytes.`,
      );
  }
};

const readMessage = (value: unknown): MessageContent => {
  const fields = Object(value) as Fields;
  refuseUnknown('PubsubMessage', fields, ['data', 'attributes', 'orderingKey']);
  const message = {
    data: bytes(fields, 'data'),
    attributes: texts(fields, 'attributes'),
    orderingKey: text(fields, 'orderingKey'),
  };
  if (message.data.length === 0 && Object.keys(message.attributes).length === 0)
    throw invalidArgument(
      'Some messages in the publish request are empty: a message has data or attributes.',
    );
  checkAttributes(message.attributes);
  if (Buffer.byteLength(message.orderingKey) > ORDERING_KEY_BYTES)
    throw invalidArgument(`An ordering key is longer than ${ORDERING_KEY_BYTES} bytes.`);
  return message;
};

/** Bytes that count against the limit of a request. */
export const sizeOf = ({ data, attributes, orderingKey }: MessageContent): number => {
  const texts = Object.entries(attributes).flat();
  return texts.reduce(
    (sum, one) => sum + Buffer.byteLength(one),
    data.length + Buffer.byteLength(orderingKey),
  );
};

/**
 * The messages of a publish request.
 * Source: https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1#publishrequest
 * @throws PubSubError INVALID_ARGUMENT for none or too many, for one that breaks a limit, or for two ordering keys
 */
export const readMessages = (values: readonly unknown[]): readonly MessageContent[] => {
  if (values.length === 0) throw invalidArgument('The publish request has no messages.');
  if (values.length > PUBLISH_MESSAGES)
    throw invalidArgument(
      `The publish request has ${values.length} messages; the limit is ${PUBLISH_MESSAGES}.`,
    );
  const messages = values.map(readMessage);
  const bytes = messages.reduce((sum, message) => sum + sizeOf(message), 0);
  if (bytes > PUBLISH_BYTES)
    throw invalidArgument(`The publish request has ${bytes} bytes; the limit is ${PUBLISH_BYTES}.`);
  if (new Set(messages.map(({ orderingKey }) => orderingKey)).size > 1)
    throw invalidArgument(
      'In a single publish request, all messages must have no ordering key or they must all have the same ordering key.',
    );
  return messages;
};
