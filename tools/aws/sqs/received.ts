import type { MessageContent } from './message.ts';

/** A message as a receive hands it out: its counts are of that moment. */
export interface Received {
  readonly content: MessageContent;
  readonly handle: string;
  readonly receipt: number;
  readonly sentAt: number;
  readonly sequenceNumber: string | undefined;
  readonly receiveCount: number;
  readonly firstReceivedAt: number;
}
