import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import type { DeadLetterQueue } from '../dead-letters/dead-letter-queue.ts';
import { type Outgoing, sender, type Unsent } from '../dead-letters/sending.ts';
import { parkedAs } from '../dead-letters/set-aside.ts';
import { walk } from '../dead-letters/walk.ts';
import { depthOf } from '../queues/depth.ts';
import type { Session } from '../session.ts';

/** What was erased from one dead-letter queue. */
export interface ErasedLetters {
  readonly queue: string;
  readonly erased: number;
  /** Not erased, and why. */
  readonly unsent: readonly Unsent[];
  /** Erased in a copy, and still there as they were. */
  readonly notRemoved: number;
  /** Messages that somebody else held, and that were not seen. */
  readonly held: number;
}

/**
 * Replaces the dead letters that hold something of a customer by copies without it. Each copy is sent before its
 * message is removed, so nothing is lost. It goes to the end of the queue, and the others of its group after it, in
 * order: SQS gives nothing of a group that is behind a message which is held.
 *
 * @param orderIds the customer's final orders: the groups of their events
 */
export async function eraseLetters(
  { clients: { sqs }, target, signal, dryRun }: Session,
  queue: DeadLetterQueue,
  orderIds: ReadonlySet<string>,
  eraseText: (text: string) => string,
): Promise<ErasedLetters> {
  const { inFlight = 0 } = (await depthOf(sqs, queue.url)) ?? {};
  const unsent: Unsent[] = [];
  const send = sender(sqs, (refused) => unsent.push(refused));
  const copies = new Set<string>();
  let erased = 0;

  function copyOf(letter: DeadLetter): Outgoing[] {
    const { body, group, deduplicationId = '', attributes } = letter;
    if (copies.has(deduplicationId)) return [];
    const copy = eraseText(body);
    if (copy !== body) erased++;
    else if (group === undefined || !orderIds.has(group)) return [];
    return [
      {
        ...{ letter, target: queue.url, body: copy, attributes },
        group: group ?? letter.messageId,
        deduplicationId: copyId(queue, letter),
      },
    ];
  }

  const { notRemoved } = await walk(sqs, queue.url, { target, signal }, async (letters) => {
    const outgoing = letters.flatMap(copyOf);
    if (dryRun) return new Set();
    for (const { deduplicationId } of outgoing) copies.add(deduplicationId);
    return send(outgoing);
  });
  return { queue: queue.name, erased, unsent, notRemoved, held: inFlight };
}

/** The same when this is repeated, and never that of anything else; of a parked event it begins with that event's. */
function copyId({ kind }: DeadLetterQueue, letter: DeadLetter): string {
  const id = `forget-${letter.messageId}`;
  return kind === 'parked' ? `${parkedAs(letter)}:${id}` : id;
}
