import { AwsError } from '../protocol/error.ts';
import { invalidValue } from './errors.ts';
import { VISIBILITY_SECONDS } from './limits.ts';
import type { Message } from './message.ts';

/**
 * What a receipt handle still allows. `old`: the message was received again since. `expired`: its visibility timeout
 * is over.
 */
export type ReceiptState = 'gone' | 'old' | 'expired' | 'current';

export const receiptState = (message: Message | undefined, receipt: number): ReceiptState => {
  if (!message) return 'gone';
  if (message.receipt !== receipt) return 'old';
  return message.state === 'in flight' ? 'current' : 'expired';
};

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_DeleteMessage.html */
export const expiredHandle = (handle: string): AwsError =>
  invalidValue(handle, 'ReceiptHandle', 'The receipt handle has expired.');

/** Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html */
export const checkVisibilityChange = (state: ReceiptState, handle: string, fifo: boolean): void => {
  if (state === 'current') return;
  if (state === 'expired' && !fifo)
    throw new AwsError(
      'MessageNotInflight',
      `The message referred to by ReceiptHandle ${handle} is not in flight.`,
    );
  throw invalidValue(
    handle,
    'ReceiptHandle',
    'Message does not exist or is not available for visibility timeout change.',
  );
};

/** A message stays in flight for twelve hours at most, counted from its receive. */
export const checkVisibilityTotal = (message: Message, seconds: number, now: number): void => {
  if (now + seconds * 1_000 <= message.lastReceivedAt + VISIBILITY_SECONDS * 1_000) return;
  throw invalidValue(
    seconds,
    'VisibilityTimeout',
    `Total VisibilityTimeout for the message is beyond the limit [${VISIBILITY_SECONDS} seconds]`,
  );
};
