import type { MessageAttributes } from './message-attributes.ts';

/** What a sender wrote, and what SQS derived from it once. */
export interface MessageContent {
  readonly id: string;
  readonly body: string;
  readonly md5OfBody: string;
  readonly attributes: MessageAttributes;
  readonly traceHeader: string | undefined;
  readonly groupId: string | undefined;
  readonly deduplicationId: string | undefined;
  readonly senderId: string;
  /** The queue that dead-lettered the message. */
  readonly deadLetterSourceArn: string | undefined;
}

export type MessageState = 'delayed' | 'visible' | 'in flight';

/** A message in one queue. */
export interface Message {
  readonly content: MessageContent;
  /** Grows with every message that arrives in the queue. */
  readonly position: number;
  readonly sequenceNumber: string | undefined;
  /** The retention period starts here. */
  readonly sentAt: number;
  state: MessageState;
  /** When a delayed message or one in flight becomes visible. */
  dueAt: number;
  /** In all queues that the message was in. */
  receiveCount: number;
  receivedHere: number;
  firstReceivedAt: number | undefined;
  lastReceivedAt: number;
  /** Distinguishes the receipt handles of a message. */
  receipt: number;
  /** Neighbours in the list that the message is in. */
  previous: Message | undefined;
  next: Message | undefined;
}
