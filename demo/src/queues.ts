import {
  GetQueueAttributesCommand,
  ListQueuesCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { inParallel } from './parallel.ts';

/**
 * Messages in the queues whose names begin with `prefix`, visible, in flight and delayed, by queue name.
 *
 * SQS calls these numbers approximate: on AWS they settle about a minute after the last change
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html).
 */
export const messagesIn = async (
  sqs: SQSClient,
  prefix: string,
  signal: AbortSignal,
): Promise<Map<string, number>> => {
  const urls = await listQueues(sqs, prefix, signal);
  const counts = await inParallel(urls, 4, (url) => messages(sqs, url, signal));
  return new Map(urls.map((url, index) => [url.slice(url.lastIndexOf('/') + 1), counts[index] ?? 0]));
};

const listQueues = async (sqs: SQSClient, prefix: string, signal: AbortSignal): Promise<string[]> => {
  const urls: string[] = [];
  let NextToken: string | undefined;
  do {
    const page: { QueueUrls?: string[] | undefined; NextToken?: string | undefined } = await sqs.send(
      new ListQueuesCommand({ QueueNamePrefix: prefix, MaxResults: 1000, NextToken }),
      { abortSignal: signal },
    );
    urls.push(...(page.QueueUrls ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return urls;
};

const messages = async (sqs: SQSClient, QueueUrl: string, signal: AbortSignal): Promise<number> => {
  const names = [
    'ApproximateNumberOfMessages',
    'ApproximateNumberOfMessagesNotVisible',
    'ApproximateNumberOfMessagesDelayed',
  ] as const;
  try {
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
      { abortSignal: signal },
    );
    return names.reduce((total, name) => total + Number(Attributes?.[name] ?? 0), 0);
  } catch (error) {
    // Another team may remove its queue between the listing and the question.
    if (error instanceof QueueDoesNotExist) return 0;
    throw error;
  }
};
