import { describeQueue } from '@orderly/functions/aws/publishing/subscriptions';
import { describeError, Failure } from '../failure.ts';
import { pacer } from '../queues/pace.ts';
import type { Session } from '../session.ts';
import { approximateItems, readPage } from '../tables/stage-table.ts';
import { addCounts, type ReplayCounts, type ReplayRun } from './replay-run.ts';
import { removeRun, runFile, saveRun } from './run-file.ts';
import { selectEvents } from './select-events.ts';
import { type FailedEvent, sendAll } from './sending.ts';
import { topicSources } from './topic-source.ts';

/** Items a page: Ctrl-C waits for its end. */
const PAGE_ITEMS = 100;

export interface Replayed {
  /** `interrupted` by Ctrl-C at the end of a page, `failed` in the middle of one. */
  readonly outcome: 'done' | 'interrupted' | 'failed';
  readonly counts: ReplayCounts;
  /** Events that the queue refused for good, as far as this process has seen. */
  readonly failures: readonly FailedEvent[];
  /** The file with which `--resume` goes on; absent when it is done. */
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
 * @throws Failure when there is no such table or queue, no item of the wanted order, or no order in the topic
 */
export async function replay(session: Session, begun: ReplayRun, rate: number): Promise<Replayed> {
  const { dynamodb, sqs } = session.clients;
  const { service, ofOrder } = topicSources[begun.topic];
  if (begun.order !== undefined && ofOrder === undefined) {
    throw new Failure(`No event of ${begun.topic} is about an order.`);
  }
  const table = `${session.stage}-${service}`;
  const queue = await describeQueue(sqs, begun.to);
  if (queue === undefined) throw new Failure(`There is no queue ${begun.to} any more.`);
  const expected = begun.order === undefined ? await approximateItems(dynamodb, table) : 1;
  const partition = begun.order === undefined ? {} : { partition: `${ofOrder}${begun.order}` };
  const pace = pacer(rate, session.signal);
  const failures: FailedEvent[] = [];
  const save = (now: ReplayRun): void => {
    if (!session.dryRun) saveRun(now);
  };
  if (!session.dryRun) session.note(`If this is cut off, go on with --resume ${runFile(begun)}`);
  const progress = session.progress(`${begun.topic} again`, expected);
  let run = begun;
  try {
    for (;;) {
      save(run);
      const page = await readPage(dynamodb, { table, ...partition, after: run.after, limit: PAGE_ITEMS });
      const selected = selectEvents(run, page.items, queue.wants);
      const refused = session.dryRun ? [] : await sendAll(sqs, queue.url, selected.events, pace);
      failures.push(...selected.failures, ...refused);
      const sending = { sent: selected.events.length - refused.length, failed: refused.length };
      const counts = addCounts(addCounts(run.counts, selected.counts), sending);
      run = { ...run, counts, ...(page.next !== undefined && { after: page.next }) };
      progress.update(run.counts.items);
      if (page.next === undefined) {
        if (!session.dryRun) removeRun(run);
        return { outcome: 'done', counts: run.counts, failures };
      }
      if (session.signal.aborted) {
        save(run);
        return unfinished('interrupted', run, failures);
      }
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
  return { outcome, counts: run.counts, failures, resume: runFile(run) };
}
