import type { SQSClient } from '@aws-sdk/client-sqs';
import { fullBatches } from '@orderly/functions/aws/publishing/full-batches';
import { type Refusal, sendBatch } from '@orderly/functions/aws/publishing/send';
import { backOff } from '@orderly/functions/retry';
import { Failure } from '../failure.ts';
import type { ReplayedEvent } from './item-events.ts';

/** An event that the queue will never take. */
export interface FailedEvent {
  readonly subject: string;
  readonly eventId: string;
  readonly reason: string;
}

/** How often a batch is tried, for about half a minute. */
const ATTEMPTS = 8;

/** These are about the queue or the caller, not about a message: the next message would fare no better. */
const refusesAll =
  /NonExistentQueue|QueueDoesNotExist|AccessDenied|InvalidAddress|ClientToken|UnrecognizedClient|ExpiredToken|Signature/;

/**
 * Sends events to one queue, those of an aggregate in order.
 *
 * @param pace waits until so many may be sent
 * @returns what the queue will never take
 * @throws Failure when the queue takes nothing, for good or still after retries
 */
export async function sendAll(
  sqs: SQSClient,
  queueUrl: string,
  events: readonly ReplayedEvent[],
  pace: (messages: number) => Promise<void>,
): Promise<readonly FailedEvent[]> {
  const failed: FailedEvent[] = [];
  for (const batch of fullBatches(events)) {
    const refused = await sendPatiently(sqs, queueUrl, batch);
    for (const [{ subject, eventId }, { reason }] of refused) {
      failed.push({ subject, eventId, reason });
    }
    await pace(batch.length);
  }
  return failed;
}

async function sendPatiently(
  sqs: SQSClient,
  queueUrl: string,
  batch: readonly ReplayedEvent[],
): Promise<ReadonlyMap<ReplayedEvent, Refusal>> {
  const permanent = new Map<ReplayedEvent, Refusal>();
  let waiting = batch;
  let latest = '';
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const refused = await sendBatch(sqs, queueUrl, waiting);
    const later: ReplayedEvent[] = [];
    for (const [event, refusal] of refused) {
      if (refusal.transient) later.push(event);
      else if (refusesAll.test(refusal.reason)) throw new Failure(`${queueUrl} refuses: ${refusal.reason}`);
      else permanent.set(event, refusal);
      latest = refusal.reason;
    }
    if (later.length === 0) return permanent;
    waiting = later;
    await backOff(attempt, { base: 200, cap: 10_000 });
  }
  throw new Failure(`${queueUrl} takes nothing for now: ${latest}`);
}
