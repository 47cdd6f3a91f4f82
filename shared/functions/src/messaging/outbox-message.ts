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
