import { describeQueue } from '@orderly/lambda/subscriptions';
import { describeError, Failure } from '../failure.ts';
import { pacer } from '../queues/pace.ts';
import type { Session } from '../session.ts';
import { approximateItems, type Item, readPage } from '../tables/stage-table.ts';
import { addCounts, type ReplayCounts, type ReplayRun, toResumeToken } from './replay-run.ts';
import { type FailedEvent, sendAll } from './sending.ts';
import { type Retold, tell } from './telling.ts';
import { topicSources } from './topic-source.ts';

/** Items a page: what is told twice, at most, to a standard queue when a run is killed and goes on. */
const PAGE_ITEMS = 100;
/** How often a run says where it is, so that it can go on from there when it is killed. */
const TOKEN_EVERY_MS = 10_000;

export interface Replayed {
  /** `interrupted` by Ctrl-C at the end of a page, `failed` in the middle of one. */
  readonly outcome: 'done' | 'interrupted' | 'failed';
  readonly counts: ReplayCounts;
  /** What the queue refused for good, as far as this process has seen. */
  readonly failures: readonly FailedEvent[];
  /** Absent when it is done. */
  readonly resume?: string;
  /** Why it failed. */
  readonly reason?: string;
}

/**
 * Publishes again, to one queue, the newest event of every aggregate that a topic's table holds. With `--dry-run` it
 * only counts.
 *
 * @param begun where to go on; with a new one it begins at the beginning
 * @param rate events per second, at most
 * @throws Failure when there is no such table or queue, or no item of the order that was asked for
 */
export async function replay(session: Session, begun: ReplayRun, rate: number): Promise<Replayed> {
  const { dynamodb, sqs } = session.clients;
  const { service, ofOrder } = topicSources[begun.topic];
  const table = `${session.stage}-${service}`;
  const queue = await describeQueue(sqs, begun.to);
  if (queue === undefined) throw new Failure(`There is no queue ${begun.to} any more.`);
  const expected = begun.order === undefined ? await approximateItems(dynamodb, table) : 1;
  const partition = begun.order === undefined ? {} : { partition: `${ofOrder}${begun.order}` };
  const pace = pacer(rate, session.signal);
  const failures: FailedEvent[] = [];
  const progress = session.progress(`${begun.topic} again`, expected);
  const position = positionTeller(session);
  let run = begun;
  try {
    for (;;) {
      position.tell(run);
      const page = await readPage(dynamodb, { table, ...partition, after: run.after, limit: PAGE_ITEMS });
      const { events, counts } = sift(run, page.items, queue.wants, failures);
      const refused = session.dryRun ? [] : await sendAll(sqs, queue.url, events, pace);
      failures.push(...refused);
      const { after: _, ...rest } = run;
      run = {
        ...rest,
        counts: addCounts(run.counts, {
          ...counts,
          sent: events.length - refused.length,
          failed: (counts.failed ?? 0) + refused.length,
        }),
        ...(page.next !== undefined && { after: page.next }),
      };
      progress.update(run.counts.items);
      if (page.next === undefined) return { outcome: 'done', counts: run.counts, failures };
      if (session.signal.aborted) return unfinished('interrupted', run, failures);
    }
  } catch (error) {
    return { ...unfinished('failed', run, failures), reason: describeError(error) };
  } finally {
    progress.stop();
  }
}

function unfinished(
  outcome: 'interrupted' | 'failed',
  run: ReplayRun,
  failures: readonly FailedEvent[],
): Replayed {
  return { outcome, counts: run.counts, failures, resume: toResumeToken(run) };
}

/** What of a page is to be sent, and the counts of all else. */
function sift(
  run: ReplayRun,
  items: readonly Item[],
  wants: (type: string) => boolean,
  failures: FailedEvent[],
): { readonly events: readonly Retold[]; readonly counts: Partial<ReplayCounts> } {
  const events: Retold[] = [];
  const counts = {
    items: items.length,
    other: 0,
    aggregates: 0,
    untold: 0,
    filtered: 0,
    older: 0,
    failed: 0,
  };
  for (const item of items) {
    const telling = tell(run, item);
    if (telling.told === 'other') {
      counts.other += 1;
      continue;
    }
    counts.aggregates += 1;
    if (telling.told === 'nothing') counts.untold += 1;
    if (telling.told === 'unreadable') {
      counts.failed += 1;
      failures.push({ subject: telling.pk, eventId: '', reason: telling.reason });
    }
    for (const event of telling.told === 'events' ? telling.events : []) {
      if (isOlder(run, event)) counts.older += 1;
      else if (!wants(event.type)) counts.filtered += 1;
      else events.push(event);
    }
  }
  return { events, counts };
}

function isOlder({ since }: ReplayRun, { time }: Retold): boolean {
  return since !== undefined && time !== undefined && Date.parse(time) < Date.parse(since);
}

/** Says now and then where a run is: a process that is killed has no time for it. */
function positionTeller({ dryRun, note }: Session) {
  let next = 0;
  return {
    tell: (run: ReplayRun): void => {
      if (dryRun || Date.now() < next) return;
      next = Date.now() + TOKEN_EVERY_MS;
      note(`${run.counts.items} items so far. If this is cut off, go on with --resume ${toResumeToken(run)}`);
    },
  };
}
