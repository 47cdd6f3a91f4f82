import type { CloudEvent } from '@orderly/contracts';

/** An event as the body of an SQS message. */
export function toMessageBody(event: Pick<CloudEvent, 'id' | 'type'>): string {
  return escapeForSqs(JSON.stringify(event));
}

/**
 * JSON without the characters that SQS refuses and JSON does not: U+FFFE and U+FFFF, unless they are spelled in ASCII
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */
export function escapeForSqs(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
