import { AwsError } from '../protocol/error.ts';
import type { Caller, JsonObject } from '../protocol/service.ts';
import { invalidParameter, wrongQueueType } from './errors.ts';
import { RECEIVE_MESSAGES, RECEIVE_WAIT_SECONDS, VISIBILITY_SECONDS } from './limits.ts';
import { md5OfAttributes } from './md5.ts';
import { attributesOutput, selectAttributes } from './message-attributes.ts';
import type { Operation, Operations } from './operation.ts';
import type { Queue } from './queue.ts';
import type { Received } from './received.ts';
import { optionalIdentifier, optionalInteger, strings } from './validation.ts';

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html */
const SYSTEM_ATTRIBUTES: Readonly<Record<string, (message: Received) => string | undefined>> = {
  ApproximateFirstReceiveTimestamp: ({ firstReceivedAt }) => String(firstReceivedAt),
  ApproximateReceiveCount: ({ receiveCount }) => String(receiveCount),
  AWSTraceHeader: ({ content }) => content.traceHeader,
  DeadLetterQueueSourceArn: ({ content }) => content.deadLetterSourceArn,
  MessageDeduplicationId: ({ content }) => content.deduplicationId,
  MessageGroupId: ({ content }) => content.groupId,
  SenderId: ({ content }) => content.senderId,
  SentTimestamp: ({ sentAt }) => String(sentAt),
  SequenceNumber: ({ sequenceNumber }) => sequenceNumber,
};

const SYSTEM_NAMES = new Set([...Object.keys(SYSTEM_ATTRIBUTES), 'All', 'SqsManagedSseEnabled']);

const readSystemNames = (input: JsonObject): readonly string[] => {
  const names = [...strings(input, 'AttributeNames'), ...strings(input, 'MessageSystemAttributeNames')];
  const unknown = names.find((name) => !SYSTEM_NAMES.has(name));
  if (unknown !== undefined) throw invalidParameter(`Unknown Attribute ${unknown}.`);
  return names;
};

interface Wanted {
  readonly system: readonly string[];
  readonly attributes: readonly string[];
}

const toOutput = (message: Received, wanted: Wanted): JsonObject => {
  const { content, handle } = message;
  const system = Object.entries(SYSTEM_ATTRIBUTES).flatMap(([name, read]) => {
    const value = wanted.system.includes('All') || wanted.system.includes(name) ? read(message) : undefined;
    return value === undefined ? [] : [[name, value] as const];
  });
  const attributes = selectAttributes(content.attributes, wanted.attributes);
  return {
    MessageId: content.id,
    ReceiptHandle: handle,
    MD5OfBody: content.md5OfBody,
    Body: content.body,
    ...(system.length > 0 ? { Attributes: Object.fromEntries(system) } : {}),
    ...(attributes.size > 0
      ? {
          MD5OfMessageAttributes: md5OfAttributes(attributes),
          MessageAttributes: attributesOutput(attributes),
        }
      : {}),
  };
};

const readAttemptId = (input: JsonObject, { fifo }: Queue): string | undefined => {
  const attemptId = optionalIdentifier(input, 'ReceiveRequestAttemptId');
  if (attemptId !== undefined && !fifo) throw wrongQueueType(attemptId, 'ReceiveRequestAttemptId');
  return attemptId;
};

interface Request {
  readonly maximum: number;
  readonly visibilitySeconds: number;
  readonly waitMs: number;
  readonly attemptId: string | undefined;
}

const take = (queue: Queue, request: Request): readonly Received[] => {
  try {
    return queue.receive(request.maximum, request.visibilitySeconds);
  } catch (error) {
    // A long poll waits until there is room for another message in flight.
    if (request.waitMs > 0 && error instanceof AwsError && error.code === 'OverLimit') return [];
    throw error;
  }
};

const takeOnce = (queue: Queue, request: Request, now: number): readonly Received[] => {
  const { attemptId, visibilitySeconds } = request;
  if (attemptId === undefined) return take(queue, request);
  const repeated = queue.attempts.repeat(attemptId, queue, visibilitySeconds, now);
  if (repeated) return repeated;
  const received = take(queue, request);
  queue.attempts.remember(attemptId, received, now);
  return received;
};

/** A caller that is killed must not take messages with it: what does not reach it goes back, uncounted. */
const giveBackUnlessDelivered = (
  queue: Queue,
  received: readonly Received[],
  { undelivered }: Caller,
): void => {
  if (!undelivered || received.length === 0) return;
  if (undelivered.aborted) queue.giveBack(received);
  else undelivered.addEventListener('abort', () => queue.giveBack(received), { once: true });
};

const receive = async (
  queue: Queue,
  request: Request,
  caller: Caller,
  now: () => number,
): Promise<readonly Received[]> => {
  if (caller.signal.aborted) return [];
  const attempt = (): readonly Received[] => takeOnce(queue, request, now());
  const first = attempt();
  const received =
    first.length > 0 || request.waitMs === 0
      ? first
      : await queue.receiveLater(attempt, request.waitMs, caller.signal);
  giveBackUnlessDelivered(queue, received, caller);
  return received;
};

const receiveMessage: Operation = {
  parameters: [
    'QueueUrl',
    'AttributeNames',
    'MessageSystemAttributeNames',
    'MessageAttributeNames',
    'MaxNumberOfMessages',
    'VisibilityTimeout',
    'WaitTimeSeconds',
    'ReceiveRequestAttemptId',
  ],
  run: async (input, { store, caller }) => {
    const queue = store.byUrl(input);
    const { settings } = queue;
    const integer = (name: string, minimum: number, maximum: number) =>
      optionalInteger(input, name, { minimum, maximum });
    const maximum = integer('MaxNumberOfMessages', 1, RECEIVE_MESSAGES) ?? 1;
    const waitSeconds = integer('WaitTimeSeconds', 0, RECEIVE_WAIT_SECONDS) ?? settings.waitSeconds;
    const seconds = integer('VisibilityTimeout', 0, VISIBILITY_SECONDS);
    const wanted = { system: readSystemNames(input), attributes: strings(input, 'MessageAttributeNames') };
    const attemptId = readAttemptId(input, queue);
    const request: Request = {
      maximum,
      visibilitySeconds: seconds ?? settings.visibilitySeconds,
      waitMs: waitSeconds * 1_000,
      attemptId,
    };
    const received = await receive(queue, request, caller, () => store.options.clock.now());
    return received.length === 0 ? {} : { Messages: received.map((message) => toOutput(message, wanted)) };
  },
};

export const receiveOperations: Operations = { ReceiveMessage: receiveMessage };
