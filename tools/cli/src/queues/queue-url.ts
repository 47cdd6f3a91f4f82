import { GetQueueUrlCommand, QueueDoesNotExist, type SQSClient } from '@aws-sdk/client-sqs';
import { Failure } from '../failure.ts';

/** @returns undefined when there is no queue of this name */
export async function findUrl(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    return (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl;
  } catch (error) {
    if (error instanceof QueueDoesNotExist) return undefined;
    throw error;
  }
}

/**
 * @param queue a queue's name, or its URL, which is returned as it is
 * @throws Failure when there is no queue of this name
 */
export async function urlOf(sqs: SQSClient, queue: string): Promise<string> {
  if (/^https?:/.test(queue)) return queue;
  const url = await findUrl(sqs, queue);
  if (url === undefined) throw new Failure(`There is no queue ${queue}.`);
  return url;
}
