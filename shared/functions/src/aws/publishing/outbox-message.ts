import { messageGroupOf } from './message-group.ts';
import type { Message } from './send.ts';

/** An event of an outbox, with its place in the table's stream. */
export interface OutboxMessage extends Message {
  readonly type: string;
  readonly sequenceNumber: string;
  /** Its index in the item's outbox, counted from 0. */
  readonly index: number;
  /** The item's keys, as the stream spells them. */
  readonly keys: Readonly<Record<string, { readonly S?: string | undefined }>>;
}

/** The events that did not reach a subscription; an event is listed once for each of them. */
export interface PublishResult {
  /** Have to be retried. */
  readonly failed: readonly OutboxMessage[];
  /** Are in the topic's dead-letter queue instead. */
  readonly parked: readonly OutboxMessage[];
}

/** The parts of an image's value that are read here: Lambda and the SDK spell them alike. */
interface ImageValue {
  readonly S?: string | undefined;
  readonly L?: readonly ImageValue[] | undefined;
  readonly M?: Readonly<Record<string, ImageValue>> | undefined;
}

export interface ImageRecord {
  readonly dynamodb?:
    | {
        readonly SequenceNumber?: string | undefined;
        readonly Keys?: Readonly<Record<string, ImageValue>> | undefined;
        readonly NewImage?: Readonly<Record<string, ImageValue>> | undefined;
      }
    | undefined;
}

/** @returns the events in the outbox of a stream record. Reads only what it needs: the image is not unmarshalled. */
export function outboxMessagesOf({ dynamodb }: ImageRecord): OutboxMessage[] {
  const outbox = dynamodb?.NewImage?.outbox?.M;
  const sequenceNumber = dynamodb?.SequenceNumber;
  const subject = outbox?.subject?.S;
  if (outbox === undefined || sequenceNumber === undefined || subject === undefined) return [];
  const keys = dynamodb?.Keys ?? {};
  return (outbox.events?.L ?? []).map((entry, index) => ({
    body: entry.M?.body?.S ?? '',
    type: entry.M?.type?.S ?? '',
    deduplicationId: entry.M?.id?.S ?? '',
    group: messageGroupOf(subject),
    sequenceNumber,
    index,
    keys,
  }));
}
