import type { Message } from './message.ts';
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

/** The groups of a queue that have messages; those without a group id are one group. */
export class MessageGroups {
  readonly #groups = new Map<string, MessageGroup>();

  of({ content: { groupId = '' } }: Message): MessageGroup {
    const known = this.#groups.get(groupId);
    if (known) return known;
    const group = new MessageGroup(groupId);
    this.#groups.set(groupId, group);
    return group;
  }

  delete({ id }: MessageGroup): void {
    this.#groups.delete(id);
  }
}
