import { log } from '../observability/log.ts';
import { count } from '../observability/metrics.ts';
import { RefusedEventError } from '../portable/refused-event-error.ts';
import { type Connection, query } from './client.ts';
import { inTransaction } from './commit.ts';
import { fromStored, toStored } from './json.ts';
import { takeTouched } from './outbox.ts';
import { untilAborted } from './until-aborted.ts';

/** An event on its way to the broker. */
export interface OutboxEvent {
  readonly id: string;
  readonly type: string;
  /** The key of the order: a broker's session or ordering key. */
  readonly subject: string;
  /** What subscribers receive, byte for byte. */
  readonly body: string;
}

/**
 * Hands events of one subject, at most 100, to the broker, in their order. It resolves once the broker has them all. It
 * rejects with a RefusedEventError where the broker has all before an event that it refuses for good: that one is parked. It
 * rejects with another error otherwise; then they come again, so that the broker may get one twice, with the same id.
 *
 * @param signal aborts after a second: nobody waits any longer, and others may publish the same
 */
export type Publish = (events: readonly OutboxEvent[], signal: AbortSignal) => Promise<void>;

let publish: Publish | undefined;

/** Sets what publishes the events of this container. */
export function publishThrough(broker: Publish): void {
  publish = broker;
}

/** What a caller waits for a batch at most, in milliseconds. */
const msPerBatch = 1_000;
const tookTooLong = `The broker took longer than ${msPerBatch} ms`;
const maxBatch = 100;
/** Of the bodies before the last one of a batch: what any broker takes within the time for a batch. */
const maxBatchBytes = 500_000;
const inOrder = 'ORDER BY position';
/** Each needs a connection. */
const subjectsAtOnce = 3;

/**
 * Publishes what this container has committed since the last call, in order per subject. What fails stays in the outbox
 * for `sweep`. To be called at the end of each invocation. It does not throw.
 */
export async function publishTouched(): Promise<void> {
  const subjects = takeTouched();
  // Where the broker is down, an invocation waits for it once.
  let isDown = false;
  await forEachOf(subjects, async (subject) => {
    if (!isDown) isDown = (await tryToPublish(subject)) === undefined;
  });
}

export interface SweepOptions {
  /** Younger events are left to the invocation that wrote them, in milliseconds. */
  readonly olderThanMs?: number;
  /** @returns the milliseconds until the invocation ends */
  readonly remainingMs?: () => number;
}

/**
 * Publishes what was left behind, the oldest first, up to 1,000 subjects. A timer calls it, and the next time it goes on.
 *
 * @returns how many events were published, and how many subjects failed or were not tried
 */
export async function sweep({
  olderThanMs = 5_000,
  remainingMs = () => Number.POSITIVE_INFINITY,
}: SweepOptions = {}): Promise<{ readonly published: number; readonly failed: number }> {
  const rows = await query<{ readonly subject: string }>(
    'SELECT',
    'outbox',
    `SELECT subject FROM outbox WHERE written_at <= clock_timestamp() - make_interval(secs => $1)
     GROUP BY subject ORDER BY min(position) LIMIT 1000`,
    [olderThanMs / 1000],
  );
  let [published, failed] = [0, 0];
  await forEachOf(rows, async ({ subject }) => {
    const events = remainingMs() < 2 * msPerBatch ? undefined : await tryToPublish(fromStored(subject));
    if (events === undefined) failed++;
    else published += events;
  });
  return { published, failed };
}

/** Several at once, each next one in their order. */
async function forEachOf<T>(all: readonly T[], work: (each: T) => Promise<void>): Promise<void> {
  const waiting = all.values();
  const worker = async () => {
    for (const each of waiting) await work(each);
  };
  await Promise.all(Array.from({ length: subjectsAtOnce }, worker));
}

/** @returns how many events were published, or `undefined` where some stay */
async function tryToPublish(subject: string): Promise<number | undefined> {
  let published = 0;
  try {
    if (publish === undefined) throw new Error('There is no broker: call publishThrough first');
    for (let isLast = false; !isLast; ) {
      const batch = await publishBatch(subject, publish, AbortSignal.timeout(msPerBatch));
      published += batch.published;
      isLast = batch.isLast;
      if (batch.refused !== undefined) reportParked(subject, batch.refused);
    }
    return published;
  } catch (error) {
    log.warn('Events were not published; they stay in the outbox', { subject, error });
    return undefined;
  } finally {
    count('EventsPublished', published);
  }
}

function reportParked(subject: string, error: RefusedEventError): void {
  count('EventsParked');
  log.error('An event was refused and parked', { event_id: error.eventId, subject, error });
}

interface Batch {
  readonly published: number;
  /** The event behind those that were published, which is parked. */
  readonly refused: RefusedEventError | undefined;
  /** Whether there were no more when they were read. */
  readonly isLast: boolean;
}

/** Publishes a subject's oldest events. Several publishers at once take turns, each with what the one before has left. */
const publishBatch = (subject: string, publish: Publish, signal: AbortSignal): Promise<Batch> =>
  inTransaction(async (connection) => {
    await connection.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [toStored(subject)]);
    const { rows } = await connection.query(
      `SELECT position, id, type, body, waiting FROM (
         SELECT *, count(*) OVER () AS waiting,
           sum(octet_length(body)) OVER (${inOrder}) - octet_length(body) AS bytes_before
         FROM (SELECT * FROM outbox WHERE subject = $1 ${inOrder} LIMIT ${maxBatch}) AS oldest
       ) AS sized WHERE bytes_before < ${maxBatchBytes} ${inOrder}`,
      [toStored(subject)],
    );
    if (rows.length === 0) return { published: 0, refused: undefined, isLast: true };
    const events: readonly OutboxEvent[] = rows.map(({ id, type, body }) => ({
      ...{ id: fromStored(id), type: fromStored(type) },
      ...{ subject, body: fromStored(body) },
    }));
    const refused = await publishOrRefused(publish, events, signal);
    const published =
      refused === undefined ? rows.length : events.findIndex(({ id }) => id === refused.eventId);
    const positions = rows.map(({ position }) => position);
    if (refused !== undefined) await park(connection, positions[published], reasonOf(refused));
    const done = positions.slice(0, published + 1);
    await connection.query('DELETE FROM outbox WHERE position = ANY($1::bigint[])', [done]);
    const isLast = done.length === Number(rows[0].waiting) && done.length < maxBatch;
    return { published, refused, isLast };
  }, signal);

/** @returns the refusal of one of the events, where the broker has those before it @throws any other error */
async function publishOrRefused(
  publish: Publish,
  events: readonly OutboxEvent[],
  signal: AbortSignal,
): Promise<RefusedEventError | undefined> {
  try {
    await untilAborted(publish(events, signal), signal, tookTooLong);
    return undefined;
  } catch (error) {
    if (error instanceof RefusedEventError && events.some(({ id }) => id === error.eventId)) return error;
    throw error;
  }
}

const reasonOf = ({ cause, message }: RefusedEventError): string =>
  cause instanceof Error ? cause.message : message;

async function park(connection: Connection, position: unknown, reason: string): Promise<void> {
  await connection.query(
    `INSERT INTO outbox_parked (position, subject, id, type, body, written_at, reason)
     SELECT position, subject, id, type, body, written_at, $2 FROM outbox WHERE position = $1`,
    [position, toStored(reason)],
  );
}
