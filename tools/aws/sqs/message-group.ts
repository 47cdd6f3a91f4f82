import { MessageList } from './message-list.ts';

/** The messages of a queue that have the same message group id. */
export class MessageGroup {
  readonly id: string;
  /** In a FIFO queue every message of the group, in a standard queue the visible ones. */
  readonly messages = new MessageList();
  inFlight = 0;

  constructor(id: string) {
    this.id = id;
  }
}
