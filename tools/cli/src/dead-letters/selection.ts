import { nameOf } from '../queues/queue-name.ts';
import { type DeadLetter, targetOf } from './dead-letter.ts';
import type { DeadLetterQueueName } from './dead-letter-queue.ts';

/** Which dead letters a command is about; all where nothing is given. */
export interface Selection {
  /** Message ids. */
  readonly messages?: readonly string[] | undefined;
  /** A consumer: what it could not process, and what its queues refused. */
  readonly subscription?: string | undefined;
}

export function isSelected(
  { messages, subscription }: Selection,
  queue: DeadLetterQueueName,
  letter: DeadLetter,
): boolean {
  if (messages !== undefined && !messages.includes(letter.messageId)) return false;
  return subscription === undefined || consumerOf(queue, letter) === subscription;
}

/** Whether every message of the queue is selected, whatever is in it. */
export function selectsAll({ messages, subscription }: Selection, queue: DeadLetterQueueName): boolean {
  if (messages !== undefined) return false;
  return subscription === undefined || (queue.kind === 'subscription' && queue.consumer === subscription);
}

/** Whether some message of the queue may be selected. */
export function maySelect({ subscription }: Selection, queue: DeadLetterQueueName): boolean {
  if (subscription === undefined || queue.kind === 'parked') return true;
  return queue.kind === 'subscription' && queue.consumer === subscription;
}

/** The consumer that a dead letter was meant for; a position of a stream is for all of them. */
function consumerOf(queue: DeadLetterQueueName, letter: DeadLetter): string | undefined {
  if (queue.kind === 'subscription') return queue.consumer;
  const target = queue.kind === 'parked' ? targetOf(letter) : undefined;
  if (target === undefined) return undefined;
  const [, ...consumer] = nameOf(target)
    .replace(/\.fifo$/, '')
    .split('--');
  return consumer.join('--');
}
