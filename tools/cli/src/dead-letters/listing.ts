import { toTable } from '../output.ts';
import { plural } from '../plural.ts';
import { type Depth, depthOf, totalOf } from '../queues/depth.ts';
import { describeAge, oldestAges } from '../queues/oldest-age.ts';
import type { Session } from '../session.ts';
import { chooseQueues, type DeadLetterQueue } from './dead-letter-queue.ts';

/** A dead-letter queue and how much is in it. */
export interface ListedQueue extends Depth {
  readonly name: string;
  readonly kind: DeadLetterQueue['kind'];
  readonly messages: number;
  /** Seconds; null where nobody measures it. */
  readonly oldestAge: number | null;
}

/** Every dead-letter queue of the stage, by name. */
export async function listDeadLetters(session: Session): Promise<readonly ListedQueue[]> {
  const { clients, stage } = session;
  const queues = await chooseQueues(clients.sqs, stage, undefined);
  const depths = await Promise.all(queues.map(({ url }) => depthOf(clients.sqs, url)));
  const names = queues.map(({ name }) => name);
  const ages = await oldestAges(session, names);
  return queues.flatMap(({ name, kind }, index) => {
    const depth = depths[index];
    if (depth === undefined) return [];
    const messages = totalOf(depth);
    // CloudWatch reports the last age for a while after a queue was emptied.
    const oldestAge = messages === 0 ? null : (ages.get(name) ?? null);
    return [{ name, kind, messages, ...depth, oldestAge }];
  });
}

export function describeListing(queues: readonly ListedQueue[]): string {
  const total = queues.reduce((sum, { messages }) => sum + messages, 0);
  const rows = queues.map(({ name, kind, messages, oldestAge }) => [
    name,
    kind,
    String(messages),
    messages === 0 ? '-' : describeAge(oldestAge ?? undefined),
  ]);
  const table = toTable(['Queue', 'Kind', 'Messages', 'Oldest'], rows);
  return `${table}\n${total === 0 ? 'No dead letters.' : `${plural(total, 'dead letter')}; orderly dlq show says why.`}`;
}
