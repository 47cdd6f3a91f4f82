import { isNativeError } from 'node:util/types';
import {
  type MessageAttributeValue,
  SendMessageBatchCommand,
  type SendMessageBatchResultEntry,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { isTransient } from '../../retry.ts';

/** A message to send. */
export interface Message {
  readonly body: string;
  /** FIFO message group; ignored by a standard queue. */
  readonly group: string;
  /** FIFO deduplication id; ignored by a standard queue. */
  readonly deduplicationId: string;
  /** Text, or an attribute as it was received. */
  readonly attributes?: Readonly<Record<string, string | MessageAttributeValue>>;
}

/** Why a message was not sent. */
export interface Refusal {
  /** Whether a later try may succeed. */
  readonly transient: boolean;
  readonly reason: string;
  /** What the SDK threw; absent when only this entry of a batch was refused. */
  readonly error?: unknown;
}

/** SQS accepts 10 messages a request (SendMessageBatch in the SQS API reference). */
export const maxEntries = 10;
/** SQS accepts 1 MiB a request. 256 KiB, its former limit and that of many compatible services, is enough for 10 events. */
const maxBatchBytes = 256 * 1024;

/** Cuts messages, in order, into requests that SQS accepts. A message over the size limit is alone in its request. */
export function batches<M extends Message>(messages: readonly M[]): M[][] {
  const result: M[][] = [];
  let size = 0;
  for (const message of messages) {
    const bytes = sizeOf(message);
    const last = result.at(-1);
    if (last !== undefined && last.length < maxEntries && size + bytes <= maxBatchBytes) {
      last.push(message);
      size += bytes;
    } else {
      result.push([message]);
      size = bytes;
    }
  }
  return result;
}

/**
 * Sends one batch and checks every entry of the answer.
 *
 * @param messages one batch of `batches`
 * @param limit aborts the call
 * @returns the messages that were not sent, and why; empty when all were sent. Never rejects.
 */
export async function sendBatch<M extends Message>(
  sqs: SQSClient,
  queueUrl: string,
  messages: readonly M[],
  limit?: AbortSignal,
): Promise<ReadonlyMap<M, Refusal>> {
  const fifo = queueUrl.endsWith('.fifo');
  const Entries = messages.map((message, index) => ({
    Id: String(index),
    MessageBody: message.body,
    ...(fifo && { MessageGroupId: message.group, MessageDeduplicationId: message.deduplicationId }),
    ...(message.attributes && { MessageAttributes: messageAttributes(message.attributes) }),
  }));
  try {
    const { Successful, Failed } = await sqs.send(
      new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries }),
      limit && { abortSignal: limit },
    );
    return refusedEntries(messages, Successful ?? [], Failed ?? []);
  } catch (error) {
    // SQS refuses a whole request for one message: sending each alone finds it.
    if (messages.length > 1 && isAboutContent(error)) {
      const outcomes = await Promise.all(messages.map((one) => sendBatch(sqs, queueUrl, [one], limit)));
      return new Map(outcomes.flatMap((outcome) => [...outcome]));
    }
    const refusal = { transient: isTransient(error), reason: String(error), error };
    return new Map(messages.map((message) => [message, refusal]));
  }
}

/** Errors about the content of a request, not about its queue or its sender. */
const contentErrors = new Set([
  'BatchRequestTooLong',
  'InvalidAttributeValue',
  'InvalidMessageContents',
  'InvalidParameterValue',
  'InvalidParameterValueException',
  'MissingParameter',
  'SerializationException',
  'ValidationError',
  'ValidationException',
]);

// Older services, and emulators, put the namespace of SQS before the name.
const isAboutContent = (error: unknown): boolean =>
  isNativeError(error) && contentErrors.has(error.name.split('.').at(-1) ?? '');

interface FailedEntry {
  readonly Id?: string | undefined;
  readonly Code?: string | undefined;
  readonly Message?: string | undefined;
  readonly SenderFault?: boolean | undefined;
}

function refusedEntries<M>(
  messages: readonly M[],
  sent: readonly SendMessageBatchResultEntry[],
  failed: readonly FailedEntry[],
): Map<M, Refusal> {
  const sentIds = new Set(sent.map(({ Id }) => Id));
  const failures = new Map(failed.map((entry) => [entry.Id, entry]));
  const refused = new Map<M, Refusal>();
  for (const [index, message] of messages.entries()) {
    const failure = failures.get(String(index));
    if (failure !== undefined) {
      const { Code = 'Unknown', Message = '', SenderFault = false } = failure;
      const transient = !SenderFault || /thrott|toomanyrequests|limitexceeded/i.test(Code);
      refused.set(message, { transient, reason: `${Code}: ${Message}` });
    } else if (!sentIds.has(String(index))) {
      // Neither sent nor refused: the answer is incomplete, so it counts as not sent.
      refused.set(message, { transient: true, reason: 'The answer does not name this entry' });
    }
  }
  return refused;
}

function sizeOf({ body, attributes = {} }: Message): number {
  const sizes = Object.entries(messageAttributes(attributes)).map(([name, value]) => {
    const { DataType = '', StringValue = '', BinaryValue = [] } = value;
    return Buffer.byteLength(`${name}${DataType}${StringValue}`) + BinaryValue.length;
  });
  return sizes.reduce((total, size) => total + size, Buffer.byteLength(body));
}

function messageAttributes(
  attributes: NonNullable<Message['attributes']>,
): Record<string, MessageAttributeValue> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'string' ? { DataType: 'String', StringValue: value } : value,
    ]),
  );
}
