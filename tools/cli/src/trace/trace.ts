import { type ShownQueue, showDeadLetters } from '../dead-letters/showing.ts';
import type { Session } from '../session.ts';
import { pageReader, type ReadPage } from '../tables/stage-table.ts';
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

/** What an order is traced in. */
export interface Traceable {
  readonly stage: string;
  readonly read: ReadPage;
  /** Whether the commands that help with an order work here. */
  readonly advises: boolean;
  /** Topics whose events do not reach every subscription, a sentence each. */
  stuckTopics(): Promise<readonly string[]>;
}

/** A stage on DynamoDB and SQS. */
export const traceable = (session: Session): Traceable => ({
  stage: session.stage,
  read: pageReader(session.clients.dynamodb),
  advises: true,
  stuckTopics: () => findStuckTopics(session),
});

/**
 * Everything that the tables of the three services hold about one order.
 *
 * @param withDeadLetters reads the dead-letter queues, too, which counts as a receive of each message there
 * @throws Failure when no service knows the order
 */
export async function trace(session: Session, orderId: string, withDeadLetters: boolean): Promise<Trace> {
  const traced = await traceIn(traceable(session), orderId);
  if (!withDeadLetters) return traced;
  const queues = await showDeadLetters(session, undefined, LETTERS);
  return { ...traced, deadLetters: lettersAbout(queues, orderId) };
}

/** The same without dead letters. @throws Failure when no service knows the order */
export async function traceIn(stage: Traceable, orderId: string): Promise<Trace> {
  const state = await readState(stage, orderId);
  const { order } = state;
  const odd = odditiesOf(state, new Date(), stage.advises);
  return {
    orderId,
    order:
      order === undefined
        ? null
        : { status: order.status, version: order.version, customer: maskEmail(order.customer.email) },
    timeline: timelineOf(state),
    odd,
    stuck: odd.length > 0 || order?.status === 'PLACED' ? await stage.stuckTopics() : [],
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
