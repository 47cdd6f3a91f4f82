import { type ShownQueue, showDeadLetters } from '../dead-letters/showing.ts';
import type { Session } from '../session.ts';
import { describeStuck, findStuckTopics } from '../topology/stuck-topics.ts';
import { odditiesOf } from './oddities.ts';
import { readState } from './stored-state.ts';
import { type Moment, maskEmail, timelineOf } from './timeline.ts';

export interface Trace {
  readonly orderId: string;
  /** Null when only other services know the order. */
  readonly order: { readonly status: string; readonly version: number; readonly customer: string } | null;
  readonly timeline: readonly Moment[];
  readonly odd: readonly string[];
  /** Topics whose events do not reach every subscription; empty for an order without oddities. */
  readonly stuck: readonly string[];
  /** Only with `--dead-letters`. */
  readonly deadLetters?: readonly TracedLetter[];
}

interface TracedLetter {
  readonly queue: string;
  readonly messageId: string;
  readonly type: string;
  readonly reason: string;
}

/** How many messages of each dead-letter queue are read. */
const LETTERS = 1_000;

/**
 * Everything that the tables of the three services hold about one order.
 *
 * @param withDeadLetters reads the dead-letter queues, too, which counts as a receive of each message there
 * @throws Failure when no service knows the order
 */
export async function trace(session: Session, orderId: string, withDeadLetters: boolean): Promise<Trace> {
  const state = await readState(session, orderId);
  const { order } = state;
  const odd = odditiesOf(state);
  return {
    orderId,
    order:
      order === undefined
        ? null
        : { status: order.status, version: order.version, customer: maskEmail(order.customer.email) },
    timeline: timelineOf(state),
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
