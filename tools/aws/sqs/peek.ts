import type { JsonObject } from '../protocol/service.ts';
import { queueDoesNotExist } from './errors.ts';
import type { Message } from './message.ts';
import { attributesOutput } from './message-attributes.ts';
import type { Operations } from './operation.ts';
import { page } from './paging.ts';
import type { Counts, Queue } from './queue.ts';
import { queueNameOf } from './queue-name.ts';
import type { QueueStore } from './queue-store.ts';
import { requiredString } from './validation.ts';

const toPeeked = (message: Message) => ({
  messageId: message.content.id,
  body: message.content.body,
  state: message.state,
  /** When it becomes visible: of messages that are delayed or in flight, in milliseconds since the epoch. */
  visibleAt: message.state === 'visible' ? undefined : message.dueAt,
  sentAt: message.sentAt,
  receiveCount: message.receiveCount,
  firstReceivedAt: message.firstReceivedAt,
  groupId: message.content.groupId,
  deduplicationId: message.content.deduplicationId,
  sequenceNumber: message.sequenceNumber,
  deadLetterSourceArn: message.content.deadLetterSourceArn,
  /** As ReceiveMessage gives them. */
  messageAttributes: attributesOutput(message.content.attributes),
});

/** A message in the queue. To read it is no receive: it stays visible, and nothing is counted. */
export type PeekedMessage = Readonly<ReturnType<typeof toPeeked>>;

/** A queue as it is now. */
export interface QueueSummary extends Counts {
  readonly name: string;
  readonly tags: ReadonlyMap<string, string>;
  /** When its oldest message was sent, in milliseconds since the epoch. */
  readonly oldestSentAt: number | undefined;
  readonly visibilitySeconds: number;
  readonly maxReceiveCount: number | undefined;
  /** The name of its dead-letter queue. */
  readonly deadLetterQueue: string | undefined;
}

export const summarise = (queue: Queue): QueueSummary => {
  const { redrive, visibilitySeconds } = queue.settings;
  return {
    ...queue.counts(),
    name: queue.name,
    tags: queue.tags,
    oldestSentAt: queue.oldestSentAt,
    visibilitySeconds,
    maxReceiveCount: redrive?.maxReceiveCount,
    deadLetterQueue: redrive?.deadLetterTargetArn.split(':').at(-1),
  };
};

const findQueue = (store: QueueStore, queueUrlOrName: string): Queue => {
  const { accountId } = store.options;
  const name = queueUrlOrName.includes('/') ? queueNameOf(queueUrlOrName, accountId) : queueUrlOrName;
  const queue = store.findByName(name);
  if (!queue) throw queueDoesNotExist();
  return queue;
};

/**
 * Every message of a queue, oldest first.
 * @throws AwsError QueueDoesNotExist
 */
export const peek = (store: QueueStore, queueUrlOrName: string): readonly PeekedMessage[] =>
  Array.from(findQueue(store, queueUrlOrName).messages(), toPeeked);

const toOutput = (message: PeekedMessage): JsonObject => ({
  MessageId: message.messageId,
  Body: message.body,
  State: message.state,
  VisibleAt: message.visibleAt,
  SentTimestamp: message.sentAt,
  ReceiveCount: message.receiveCount,
  FirstReceiveTimestamp: message.firstReceivedAt,
  MessageGroupId: message.groupId,
  MessageDeduplicationId: message.deduplicationId,
  SequenceNumber: message.sequenceNumber,
  DeadLetterQueueSourceArn: message.deadLetterSourceArn,
  MessageAttributes: message.messageAttributes,
});

const PLACE_DIGITS = 16;

/** For tools; its own target shows that it is no operation of AWS. */
export const peekOperations: Operations = {
  PeekMessages: {
    parameters: ['QueueUrl', 'MaxResults', 'NextToken'],
    run: (input, { store }) => {
      const messages = Array.from(findQueue(store, requiredString(input, 'QueueUrl')).messages());
      const place = ({ position }: Message): string => String(position).padStart(PLACE_DIGITS, '0');
      const { items, nextToken } = page(messages, input, place);
      return { Messages: items.map((message) => toOutput(toPeeked(message))), NextToken: nextToken };
    },
  },
};
