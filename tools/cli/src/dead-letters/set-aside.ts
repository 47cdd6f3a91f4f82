import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetter } from './dead-letter.ts';
import type { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Selection } from './selection.ts';
import { sender } from './sending.ts';

/**
 * Messages that are not selected stay.
 *
 * Events parked for several subscriptions share a group, and SQS gives out no message behind one that is held.
 * When only those of one subscription are selected, the others go to the end of their queue, in order: a copy is sent
 * before the message is removed, under an id that nothing else uses and that still begins with the event's id.
 *
 * @returns a function that returns those which may be removed from where they are
 */
export function setAside(
  sqs: SQSClient,
  queue: DeadLetterQueue,
  { subscription }: Selection,
): (letters: readonly DeadLetter[]) => Promise<ReadonlySet<DeadLetter>> {
  if (queue.kind !== 'parked' || subscription === undefined) return async () => new Set();
  // A message that could not be sent stays where it is.
  const send = sender(sqs, () => undefined);
  return (letters) =>
    send(
      letters.map((letter) => ({
        letter,
        target: queue.url,
        body: letter.body,
        group: letter.group ?? letter.messageId,
        deduplicationId: `${parkedAs(letter)}:${letter.messageId}`,
        attributes: letter.attributes,
      })),
    );
}

/** The publisher's own deduplication id: the event's, and a hash of the target's URL. */
export function parkedAs({ deduplicationId = '' }: DeadLetter): string {
  return deduplicationId.split(':').slice(0, 2).join(':');
}
