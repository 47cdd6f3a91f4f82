import { GetQueueAttributesCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import type { SqsService } from '@orderly/aws/sqs/service';
import { urlOf } from '@orderly/cli/queues/queue-url';
import type { Session } from '@orderly/cli/session';
import type { QueueDetail, QueueKind, QueueMessage, QueueState } from '../api.ts';
import type { DeadLetters } from './dead-letters.ts';

const MESSAGES = 200;

const HOLD_DEAD_LETTERS: ReadonlySet<QueueKind> = new Set(['dead-letters', 'parked', 'stream-failures']);

const STATES = { visible: 'waiting', 'in flight': 'in-flight', delayed: 'delayed' } as const;

const messagesOf = (sqs: SqsService, name: string): readonly QueueMessage[] =>
  sqs
    .peek(name)
    .slice(0, MESSAGES)
    .map(({ messageId, groupId, state, receiveCount, sentAt, body }) => ({
      messageId,
      ...(groupId !== undefined && { group: groupId }),
      state: STATES[state],
      receives: receiveCount,
      sentAt,
      body,
    }));

/** A queue with its policy and, where they can be read without receiving them, its messages. */
export const readQueue = async (
  { clients }: Session,
  queue: QueueState,
  { sqs, letters }: { readonly sqs: SqsService | undefined; readonly letters: DeadLetters },
): Promise<QueueDetail> => {
  const QueueUrl = await urlOf(clients.sqs, queue.name);
  const holdsDeadLetters = HOLD_DEAD_LETTERS.has(queue.kind);
  const [{ Attributes = {} }, { Tags = {} }, deadLetters] = await Promise.all([
    clients.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] })),
    clients.sqs.send(new ListQueueTagsCommand({ QueueUrl })),
    holdsDeadLetters ? letters.read(queue.name) : undefined,
  ]);
  return {
    queue,
    attributes: Attributes,
    tags: Tags,
    ...(sqs !== undefined && { messages: messagesOf(sqs, queue.name) }),
    ...(deadLetters !== undefined && { deadLetters }),
  };
};
