import type { SQSClient } from '@aws-sdk/client-sqs';
import { depthOf, totalOf } from '@orderly/cli/queue-depth';
import { nameOf } from '@orderly/cli/queue-name';
import { listQueues } from '@orderly/functions/messaging/subscriptions';
import { inParallel } from './parallel.ts';

/** Messages in the queues whose names begin with `prefix`, visible, in flight and delayed, by queue name. */
export async function messagesIn(sqs: SQSClient, prefix: string): Promise<Map<string, number>> {
  const urls = await listQueues(sqs, prefix);
  const depths = await inParallel(urls, 4, (url) => depthOf(sqs, url));
  return new Map(
    urls.map((url, index) => {
      const depth = depths[index];
      // Another team may remove its queue between the listing and the question.
      return [nameOf(url), depth === undefined ? 0 : totalOf(depth)];
    }),
  );
}
