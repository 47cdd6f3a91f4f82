import { plural } from '../plural.ts';
import { depthOf, totalOf } from '../queues/depth.ts';
import type { Session } from '../session.ts';
import type { DeadLetter } from './dead-letter.ts';
import { chooseQueues, type DeadLetterQueue } from './dead-letter-queue.ts';
import { type Diagnosis, diagnose } from './diagnosis.ts';
import { walk } from './walk.ts';

/** A dead letter as it is shown. */
export interface ShownLetter extends Diagnosis {
  readonly messageId: string;
  readonly group?: string;
  readonly receives: number;
  /** See `DeadLetter.sentAt`. */
  readonly sentAt: string;
  readonly body: string;
}

export interface ShownQueue {
  readonly queue: string;
  readonly kind: DeadLetterQueue['kind'];
  readonly letters: readonly ShownLetter[];
  /** Messages that are there and were not seen: over the limit, behind another of their group, held by somebody. */
  readonly notSeen: number;
}

/**
 * Looks into dead-letter queues and leaves them as they are, but for the receive counts: everything is visible again
 * when this returns.
 *
 * @param wanted a queue's name; all queues when absent
 * @param limit messages of each queue, at most
 * @throws Failure when there is no such queue
 */
export async function showDeadLetters(
  { clients: { sqs }, target, stage, signal }: Session,
  wanted: string | undefined,
  limit: number,
): Promise<readonly ShownQueue[]> {
  const queues = await chooseQueues(sqs, stage, wanted);
  return Promise.all(
    queues.map(async (queue) => {
      const depth = await depthOf(sqs, queue.url);
      const letters: ShownLetter[] = [];
      await walk(sqs, queue.url, { target, signal, limit }, async (found) => {
        letters.push(...found.map((letter) => toShown(queue, letter)));
        return new Set();
      });
      const notSeen = Math.max(0, (depth === undefined ? 0 : totalOf(depth)) - letters.length);
      return { queue: queue.name, kind: queue.kind, letters, notSeen };
    }),
  );
}

export function toShown(queue: DeadLetterQueue, letter: DeadLetter): ShownLetter {
  const { messageId, group, receives, sentAt, body } = letter;
  return {
    messageId,
    ...(group !== undefined && { group }),
    ...diagnose(queue, letter),
    receives,
    sentAt: sentAt.toISOString(),
    body,
  };
}

/** For people, without bodies; queues with nothing in them are left out. */
export function describeShown(queues: readonly Omit<ShownQueue, 'kind'>[]): string {
  const filled = queues.filter(({ letters, notSeen }) => letters.length + notSeen > 0);
  if (filled.length === 0) return 'No dead letters.';
  return filled.map(describeQueue).join('\n\n');
}

function describeQueue({ queue, letters, notSeen }: Omit<ShownQueue, 'kind'>): string {
  const hidden =
    notSeen > 0
      ? [`  ${notSeen} more: over --limit, behind another of their group, or held by somebody for now`]
      : [];
  return [`${queue}:`, [...letters.map(describeLetter), ...hidden].join('\n\n')].join('\n');
}

function describeLetter(letter: ShownLetter): string {
  const { messageId, event, item, reason, target, failedAt, receives, body } = letter;
  const lines: [string, string][] = [
    ['message', messageId],
    ...(event === undefined ? beginning(body) : describeEvent(event, item)),
    ['reason', reason],
    ...(target === undefined ? [] : [['target', target] as [string, string]]),
    ['failed', `first at ${failedAt}, received ${plural(receives, 'time')}`],
  ];
  return lines.map(([name, value]) => `  ${name.padEnd(8)} ${printable(value)}`).join('\n');
}

function describeEvent(
  event: NonNullable<ShownLetter['event']>,
  item: ShownLetter['item'],
): [string, string][] {
  if (item !== undefined) {
    return [
      ['event', `${event.id}; only a reference: no queue takes the event`],
      ['item', Object.values(item).join(' ')],
    ];
  }
  const { type = '?', id = '?', subject = '?', sequence = '?', time = '?' } = event;
  return [
    ['event', `${type} ${id}`],
    ['subject', `${subject}, sequence ${sequence}, at ${time}`],
  ];
}

function beginning(body: string): [string, string][] {
  return [['body', body.length > 200 ? `${body.slice(0, 200)}... (--json has all of it)` : body]];
}

/** A message may hold anything, and a terminal obeys control characters. */
function printable(text: string): string {
  return text.replace(/\p{Cc}/gu, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
