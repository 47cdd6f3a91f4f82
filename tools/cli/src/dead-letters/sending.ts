import type { SQSClient } from '@aws-sdk/client-sqs';
import { fullBatches } from '@orderly/functions/aws/publishing/full-batches';
import { type Message, sendBatch } from '@orderly/functions/aws/publishing/send';
import type { DeadLetter } from './dead-letter.ts';

/** A dead letter on its way back. */
export interface Outgoing extends Message {
  readonly letter: DeadLetter;
  /** The URL of the queue that it goes to. */
  readonly target: string;
}

export interface Unsent {
  readonly messageId: string;
  readonly reason: string;
}

/**
 * A function that sends dead letters to their targets, oldest first within a group: what is behind one that was
 * refused waits for it, in this batch and in those that follow.
 *
 * @param unsent gets what was not sent, and why
 * @returns a function that returns those which were sent
 */
export function sender(sqs: SQSClient, unsent: (refused: Unsent) => void) {
  const blocked = new Set<string>();
  const chain = ({ target, group }: Outgoing): string => `${target} ${group}`;

  async function send(target: string, batch: readonly Outgoing[]): Promise<Outgoing[]> {
    const ready = batch.filter((message) => !blocked.has(chain(message)));
    for (const { letter } of batch.filter((message) => blocked.has(chain(message)))) {
      unsent({ messageId: letter.messageId, reason: 'it waits for the one before it in its group' });
    }
    if (ready.length === 0) return [];
    const refused = await sendBatch(sqs, target, ready);
    for (const [message, { reason }] of refused) {
      blocked.add(chain(message));
      unsent({ messageId: message.letter.messageId, reason });
    }
    return ready.filter((message) => !refused.has(message));
  }

  return async (messages: readonly Outgoing[]): Promise<ReadonlySet<DeadLetter>> => {
    const sent = new Set<DeadLetter>();
    for (const target of new Set(messages.map((message) => message.target))) {
      const forTarget = messages.filter((message) => message.target === target);
      for (const batch of fullBatches(forTarget)) {
        for (const { letter } of await send(target, batch)) sent.add(letter);
      }
    }
    return sent;
  };
}
