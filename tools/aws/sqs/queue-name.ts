import { invalidParameter, invalidValue, queueDoesNotExist } from './errors.ts';

const NAME = /^[A-Za-z0-9_-]{1,80}$/;
const FIFO_NAME = /^(?=.{6,80}$)[A-Za-z0-9_-]+\.fifo$/;

export const isFifoName = (name: string): boolean => name.endsWith('.fifo');

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html */
export const checkQueueName = (name: string, fifo: boolean): void => {
  if (fifo && !FIFO_NAME.test(name))
    throw invalidParameter(
      'The name of a FIFO queue can only include alphanumeric characters, hyphens, or underscores, must end with .fifo suffix and be 1 to 80 in length',
    );
  if (!fifo && !NAME.test(name))
    throw invalidValue(
      name,
      'QueueName',
      'Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length',
    );
};

/**
 * The queue's name out of a URL, which may name any host.
 * @throws AwsError QueueDoesNotExist for another account's queue
 */
export const queueNameOf = (url: string, accountId: string): string => {
  const [account, name] = url.split('/').slice(-2);
  if (name === undefined || account !== accountId) throw queueDoesNotExist();
  return name;
};
