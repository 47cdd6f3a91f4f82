import { createHash } from 'node:crypto';
import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { readBatch, runBatch } from './batch.ts';
import { invalidParameter, missingParameter, wrongQueueType } from './errors.ts';
import { DELAY_SECONDS, MESSAGE_BYTES } from './limits.ts';
import { md5, md5OfAttributes } from './md5.ts';
import type { MessageContent } from './message.ts';
import {
  attributeBytes,
  givenAttributeBytes,
  readMessageAttributes,
  readSystemAttributes,
  traceHeaderOf,
} from './message-attributes.ts';
import type { Operation, Operations } from './operation.ts';
import type { Queue } from './queue.ts';
import type { QueueStore } from './queue-store.ts';
import { checkCharacters, optionalIdentifier, optionalInteger, requiredString } from './validation.ts';

const MESSAGE_PARAMETERS = [
  'MessageBody',
  'DelaySeconds',
  'MessageAttributes',
  'MessageSystemAttributes',
  'MessageDeduplicationId',
  'MessageGroupId',
];

/** Stands for the user or role that sends: signatures are not checked. */
const SENDER_ID = 'AIDAEMBEDDEDAWSSENDER';

const readBody = (input: JsonObject): string => {
  const body = requiredString(input, 'MessageBody');
  if (body === '') throw missingParameter('MessageBody');
  checkCharacters(body, 'the message body');
  return body;
};

const readDelay = (input: JsonObject, queue: Queue): number | undefined => {
  const range = { minimum: 0, maximum: DELAY_SECONDS };
  const seconds = optionalInteger(input, 'DelaySeconds', range, 'DelaySeconds must be >= 0 and <= 900.');
  if (seconds !== undefined && seconds !== 0 && queue.fifo) throw wrongQueueType(seconds, 'DelaySeconds');
  return seconds;
};

const readGroupId = (input: JsonObject, { fifo }: Queue): string | undefined => {
  const groupId = optionalIdentifier(input, 'MessageGroupId');
  if (fifo && groupId === undefined) throw missingParameter('MessageGroupId');
  return groupId;
};

const readDeduplicationId = (input: JsonObject, queue: Queue, body: string): string | undefined => {
  const given = optionalIdentifier(input, 'MessageDeduplicationId');
  if (!queue.fifo) {
    if (given === undefined) return undefined;
    throw wrongQueueType(given, 'MessageDeduplicationId');
  }
  if (given !== undefined) return given;
  if (queue.settings.contentBasedDeduplication) return createHash('sha256').update(body).digest('hex');
  throw invalidParameter(
    'The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  );
};

const checkSize = (body: string, attributesSize: number, { settings }: Queue): void => {
  if (Buffer.byteLength(body) + attributesSize <= settings.maximumMessageBytes) return;
  throw invalidParameter(
    `One or more parameters are invalid. Reason: Message must be shorter than ${settings.maximumMessageBytes} bytes.`,
  );
};

const deduplicationKey = (queue: Queue, { groupId = '', deduplicationId = '' }: MessageContent): string =>
  queue.settings.isDeduplicatedByGroup ? `${groupId} ${deduplicationId}` : deduplicationId;

const addOnce = (
  queue: Queue,
  content: MessageContent,
  delaySeconds: number | undefined,
  { clock, chance, faults }: QueueStore['options'],
) => {
  const now = clock.now();
  const add = () => {
    const { delayMs: troubleMs, duplicate } = faults.troubleOf(queue.name);
    // Zero is allowed for a message of a FIFO queue, and then the queue's delay holds.
    const delayMs = queue.fifo || delaySeconds === undefined ? queue.settings.delayMs : delaySeconds * 1_000;
    const accepted = queue.add(content, { delayMs: Math.max(delayMs, troubleMs) });
    if (duplicate) queue.add({ ...content, id: chance.uuid() }, { delayMs: Math.max(delayMs, troubleMs) });
    return accepted;
  };
  if (!queue.fifo) return add();
  const key = deduplicationKey(queue, content);
  const earlier = queue.deduplication.find(key, now);
  if (earlier) return earlier;
  const accepted = add();
  queue.deduplication.remember(key, accepted, now);
  return accepted;
};

const send = (input: JsonObject, queue: Queue, { options }: QueueStore): JsonObject => {
  const body = readBody(input);
  const delaySeconds = readDelay(input, queue);
  const attributes = readMessageAttributes(input);
  const system = readSystemAttributes(input);
  const groupId = readGroupId(input, queue);
  const deduplicationId = readDeduplicationId(input, queue, body);
  checkSize(body, attributeBytes(attributes), queue);
  const content: MessageContent = {
    id: options.chance.uuid(),
    body,
    md5OfBody: md5(body),
    attributes,
    traceHeader: traceHeaderOf(system),
    groupId,
    deduplicationId,
    senderId: SENDER_ID,
    deadLetterSourceArn: undefined,
  };
  const { messageId, sequenceNumber } = addOnce(queue, content, delaySeconds, options);
  return {
    MessageId: messageId,
    MD5OfMessageBody: content.md5OfBody,
    MD5OfMessageAttributes: md5OfAttributes(attributes),
    MD5OfMessageSystemAttributes: md5OfAttributes(system),
    SequenceNumber: sequenceNumber,
  };
};

const sendMessage: Operation = {
  parameters: ['QueueUrl', ...MESSAGE_PARAMETERS],
  run: (input, { store }) => {
    const queue = store.byUrl(input);
    const sent = send(input, queue, store);
    queue.wake();
    return sent;
  },
};

/** An entry that cannot be read is refused later, alone. */
const sizeOf = (input: JsonObject): number => {
  const { MessageBody: body } = input;
  const bodyBytes = typeof body === 'string' ? Buffer.byteLength(body) : 0;
  return bodyBytes + givenAttributeBytes(input);
};

const checkTotal = (inputs: readonly JsonObject[]): void => {
  const bytes = inputs.reduce((sum, input) => sum + sizeOf(input), 0);
  if (bytes > MESSAGE_BYTES)
    throw new AwsError(
      'BatchRequestTooLong',
      `Batch requests cannot be longer than ${MESSAGE_BYTES} bytes. You have sent ${bytes} bytes.`,
    );
};

const sendMessageBatch: Operation = {
  parameters: ['QueueUrl', 'Entries'],
  run: (input, { store }) => {
    const queue = store.byUrl(input);
    const entries = readBatch(input, 'SendMessageBatch', MESSAGE_PARAMETERS);
    checkTotal(entries.map((entry) => entry.input));
    const result = runBatch(entries, (entry) => send(entry.input, queue, store));
    queue.wake();
    return result;
  },
};

export const sendOperations: Operations = { SendMessage: sendMessage, SendMessageBatch: sendMessageBatch };
