import { type ShownQueue, showDeadLetters } from '../dead-letters/showing.ts';
import { toTable } from '../output.ts';
import type { Session } from '../session.ts';
import { odditiesOf } from './oddities.ts';
import { readStory } from './stored-story.ts';
import { type Moment, maskEmail, timelineOf } from './timeline.ts';

export interface Trace {
  readonly orderId: string;
  /** Null when only other services know the order. */
  readonly order: { readonly status: string; readonly version: number; readonly customer: string } | null;
  readonly timeline: readonly Moment[];
  readonly odd: readonly string[];
  /** Absent unless they were asked for. */
  readonly deadLetters?: readonly TracedLetter[];
}

interface TracedLetter {
  readonly queue: string;
  readonly messageId: string;
  readonly type: string;
  readonly reason: string;
}

/** Messages of each dead-letter queue that are looked at. */
const LETTERS = 1_000;

/**
 * The story of one order from the tables of the three services.
 *
 * @param withDeadLetters looks through the dead-letter queues, too, which counts as a receive of each message there
 * @throws Failure when no service knows the order
 */
export async function trace(session: Session, orderId: string, withDeadLetters: boolean): Promise<Trace> {
  const story = await readStory(session, orderId);
  const { order } = story;
  return {
    orderId,
    order:
      order === undefined
        ? null
        : { status: order.status, version: order.version, customer: maskEmail(order.customer.email) },
    timeline: timelineOf(story),
    odd: odditiesOf(story),
    ...(withDeadLetters && {
      deadLetters: lettersAbout(await showDeadLetters(session, undefined, LETTERS), orderId),
    }),
  };
}

/** Those whose subject is the order, or one of its notifications. */
function lettersAbout(queues: readonly ShownQueue[], orderId: string): readonly TracedLetter[] {
  return queues.flatMap(({ queue, letters }) =>
    letters
      .filter(({ event }) => event?.subject === orderId || event?.subject?.startsWith(`${orderId}.`))
      .map(({ messageId, event, reason }) => ({ queue, messageId, type: event?.type ?? '', reason })),
  );
}

/** For people. */
export function describeTrace({ orderId, order, timeline, odd, deadLetters }: Trace): string {
  const rows = timeline.map(({ time, service, what, detail, event }) => [
    time,
    service,
    what,
    detail,
    event === undefined ? '' : `${event.id} because of ${event.causationid}`,
  ]);
  const flow = timeline.find(({ event }) => event !== undefined)?.event?.correlationid;
  return [
    `Order ${orderId}: ${order === null ? 'unknown to orders' : `${order.status}, version ${order.version}`}`,
    ...(flow === undefined ? [] : [`Correlation id ${flow}`]),
    '',
    toTable(['Time', 'Service', 'What', 'Detail', 'Event'], rows),
    '',
    ...(odd.length === 0 ? ['Nothing odd.'] : odd.map((line) => `Odd: ${line}`)),
    ...(deadLetters ?? []).map(
      ({ queue, messageId, type, reason }) => `Dead letter ${messageId} in ${queue}, ${type}: ${reason}`,
    ),
    ...(deadLetters?.length === 0 ? ['No dead letters about it.'] : []),
  ].join('\n');
}
