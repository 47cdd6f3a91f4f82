import { createHash } from 'node:crypto';

/**
 * The FIFO message group of an aggregate's events: its subject where SQS accepts that, else a hash of it.
 *
 * SQS accepts 1 to 128 ASCII letters, digits and punctuation marks:
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html#SQS-SendMessage-request-MessageGroupId
 */
export function messageGroupOf(subject: string): string {
  return /^[\x21-\x7e]{1,128}$/.test(subject)
    ? subject
    : createHash('sha256').update(subject).digest('base64url');
}
