import { type ShownQueue, showDeadLetters } from '../dead-letters/showing.ts';
import type { Session } from '../session.ts';
import { describeStuck, findStuckTopics } from '../topology/stuck-topics.ts';
import { odditiesOf } from './oddities.ts';
import { readStory } from './stored-story.ts';
import { type Moment, maskEmail, timelineOf } from './timeline.ts';

export interface Trace {
  readonly orderId: string;
  /** Null when only other services know the order. */
  readonly order: { readonly status: string; readonly version: number; readonly customer: string } | null;
  readonly timeline: readonly Moment[];
  readonly odd: readonly string[];
  /** Topics whose events do not reach every subscription; empty for an order that is well. */
  readonly stuck: readonly string[];
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
  const odd = odditiesOf(story);
  return {
    orderId,
    order:
      order === undefined
        ? null
        : { status: order.status, version: order.version, customer: maskEmail(order.customer.email) },
    timeline: timelineOf(story),
    odd,
    stuck: odd.length > 0 || order?.status === 'PLACED' ? await findStuckTopics(session) : [],
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
export function describeTrace({ orderId, order, timeline, odd, stuck, deadLetters }: Trace): string {
  const flow = timeline.find(({ event }) => event !== undefined)?.event?.correlationid;
  return [
    `Order ${orderId}: ${order === null ? 'unknown to orders' : `${order.status}, version ${order.version}`}`,
    ...(flow === undefined ? [] : [`Correlation id ${flow}`]),
    '',
    ...timeline.flatMap(describeMoment),
    '',
    ...(odd.length === 0 ? ['Nothing odd.'] : odd.map((line) => `Odd: ${line}`)),
    ...describeStuck(stuck),
    ...(deadLetters ?? []).map(
      ({ queue, messageId, type, reason }) => `Dead letter ${messageId} in ${queue}, ${type}: ${reason}`,
    ),
    ...(deadLetters?.length === 0 ? ['No dead letters about it.'] : []),
  ].join('\n');
}

function describeMoment({ time, service, what, detail, event }: Moment): readonly string[] {
  return [
    `${time}  ${service.padEnd('notifications'.length)}  ${what}`,
    ...(detail === '' ? [] : [`  ${detail}`]),
    ...(event === undefined ? [] : [`  event ${event.id}`, `    caused by ${event.causationid}`]),
  ];
}
