import type { Message } from './message.ts';
import type { MessageAttributes } from './message-attributes.ts';

/** What has just happened to a message. */
export interface MessageChange {
  readonly what:
    | 'sent'
    | 'received'
    | 'deleted'
    /** Visible again without having been deleted. */
    | 'returned'
    /** Moved to the dead-letter queue of its queue; it is `sent` there, too. */
    | 'dead-lettered';
  readonly queue: string;
  readonly messageId: string;
  readonly body: string;
  readonly attributes: MessageAttributes;
  /** Over all queues that it was in. */
  readonly receiveCount: number;
}

export type MessageListener = (change: MessageChange) => void;

/** Calls back whoever watches the queues; without anybody it costs a comparison. */
export class Observation {
  readonly #listeners = new Set<MessageListener>();

  /** @returns ends it */
  add(listener: MessageListener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  note(what: MessageChange['what'], queue: string, { content, receiveCount }: Message): void {
    if (this.#listeners.size === 0) return;
    const { id: messageId, body, attributes } = content;
    const change = { what, queue, messageId, body, attributes, receiveCount };
    for (const listener of this.#listeners) listener(change);
  }
}
