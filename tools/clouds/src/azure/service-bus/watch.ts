import type { MessageChange } from '@orderly/aws/sqs/observation';
import type { MessageContent } from './message.ts';

/** Gets what happens in a namespace, at once. */
export interface Watch {
  /** A topic has copied a message to its subscriptions. */
  published(topic: string, content: MessageContent): void;
  /** @param path of a queue or subscription, e.g. `local-order-events/Subscriptions/inventory` */
  message(what: MessageChange['what'], path: string, content: MessageContent, deliveries: number): void;
}
