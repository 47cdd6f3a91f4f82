import { eventTypes } from '@orderly/contracts';
import { outboxMessagesOf } from '@orderly/functions/aws/publishing/outbox-message';
import { topicPublisher } from '@orderly/functions/aws/publishing/topic-publisher';
import { describeError } from '../failure.ts';
import type { Session } from '../session.ts';
import type { DeadLetter } from './dead-letter.ts';
import { type OfPublisher, topicOf } from './dead-letter-queue.ts';
import type { Unsent } from './sending.ts';
import { readPosition } from './stream-position.ts';
import { recordsAt } from './stream-records.ts';

/**
 * A function that publishes the events of failed stream records, as the publisher does: to the subscriptions of now,
 * under the same ids, parking what is refused for good. Those that got them already get them twice.
 *
 * @param extraUrls subscriptions of other accounts
 * @param unsent gets the positions that were not published whole, and why
 * @returns a function that returns those which were
 * @throws Failure for a topic that the contracts do not know
 */
export function republisher(
  { clients: { sqs, streams }, stage }: Session,
  queue: OfPublisher,
  extraUrls: readonly string[],
  unsent: (refused: Unsent) => void,
) {
  const topic = topicOf(queue);
  const publish = topicPublisher(sqs, {
    topic,
    eventTypes: eventTypes[topic],
    stage,
    extraUrls,
    // Looked up once for the whole of a command.
    ttlMs: Number.POSITIVE_INFINITY,
  });

  async function republish({ body }: DeadLetter): Promise<string | undefined> {
    const position = readPosition(body);
    if (position.outcome === 'invalid')
      return 'it is not a message of Lambda about a stream; drop it when it is of no use';
    const records = await recordsAt(streams, position.value);
    if (records === 'gone') {
      return `the stream does not have these records any more; orderly replay --topic ${queue.topic} publishes what the table holds now, and then the position can be dropped`;
    }
    const { failed } = await publish(records.flatMap(outboxMessagesOf));
    return failed.length === 0 ? undefined : `${failed.length} sends failed for a while; try again`;
  }

  return async (letters: readonly DeadLetter[]): Promise<ReadonlySet<DeadLetter>> => {
    const done = new Set<DeadLetter>();
    for (const letter of letters) {
      // What is wrong with one position says nothing about the next.
      const reason = await republish(letter).catch(describeError);
      if (reason === undefined) done.add(letter);
      else unsent({ messageId: letter.messageId, reason });
    }
    return done;
  };
}
