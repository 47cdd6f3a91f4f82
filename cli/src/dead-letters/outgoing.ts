import type { DeadLetter } from './dead-letter.ts';
import { targetOf } from './dead-letter.ts';
import type { Outgoing } from './sending.ts';

/*
 * For five minutes SQS accepts a message whose deduplication id it has taken before, and drops it
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-exactly-once-processing.html).
 * What is sent before it is deleted must therefore never go out under an id that something else may have used.
 */

/**
 * A dead letter as it goes back to the queue of a consumer.
 *
 * That queue has seen the event's own id, perhaps a moment ago, and would drop it; nobody else uses this id. It is the
 * same when a redrive that was cut off is repeated, so within five minutes not even a duplicate comes of that. A copy
 * that fails again is a new message with a new id.
 */
export function backToSource(letter: DeadLetter, target: string): Outgoing {
  return {
    letter,
    target,
    body: letter.body,
    group: letter.group ?? letter.messageId,
    deduplicationId: `redrive-${letter.messageId}`,
    attributes: letter.attributes,
  };
}

/**
 * A parked event as its publisher would send it, under the event's id: the queue has refused it, so it is dropped only
 * if the queue got it after all. The publisher parks an event under its own id and the target's hash.
 *
 * @returns undefined when the message does not say where it was meant for
 */
export function backToSubscription(letter: DeadLetter, to: string | undefined): Outgoing | undefined {
  const target = to ?? targetOf(letter);
  if (target === undefined) return undefined;
  const [eventId] = letter.deduplicationId?.split(':') ?? [];
  return {
    letter,
    target,
    body: letter.body,
    group: letter.group ?? letter.messageId,
    deduplicationId: eventId || `redrive-${letter.messageId}`,
  };
}
