import type { Message } from './send.ts';

/** An event of the outbox on its way, with the stream record it came in. */
export interface OutboxMessage extends Message {
  readonly type: string;
  readonly sequenceNumber: string;
  /** Its place in the item's outbox. */
  readonly index: number;
  /** Of the item, as the stream has them. */
  readonly keys: Readonly<Record<string, { readonly S?: string | undefined }>>;
}

/** What is left of a publication, once for each subscription that it concerns. */
export interface PublishResult {
  /** Did not reach the subscription yet and has to come again. */
  readonly failed: readonly OutboxMessage[];
  /** Was put aside instead. */
  readonly parked: readonly OutboxMessage[];
}
