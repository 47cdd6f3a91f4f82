import type { EventReference } from '@orderly/functions/aws/publishing/parking';
import { type DeadLetter, targetOf } from './dead-letter.ts';
import { type ReferencedEvent, readReference } from './event-reference.ts';
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
 * @param read reads the event of a reference
 * @returns the reason when it cannot go back
 */
export async function backToSubscription(
  letter: DeadLetter,
  to: string | undefined,
  read: (reference: EventReference) => Promise<ReferencedEvent>,
): Promise<Outgoing | string> {
  const target = to ?? targetOf(letter);
  if (target === undefined) return 'it does not say which queue it was meant for; name one with --to';
  const reference = readReference(letter.body);
  const event = reference && (await read(reference));
  if (event?.outcome === 'missing') return event.reason;
  const eventId = reference?.eventId ?? letter.deduplicationId?.split(':')[0];
  return {
    letter,
    target,
    body: event?.body ?? letter.body,
    group: letter.group ?? letter.messageId,
    deduplicationId: eventId || `redrive-${letter.messageId}`,
  };
}
