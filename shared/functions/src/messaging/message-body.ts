import type { CloudEvent } from '@orderly/contracts';

/** @returns an event as the body of an SQS message */
export function toMessageBody(event: Pick<CloudEvent, 'id' | 'type'>): string {
  return escapeForSqs(JSON.stringify(event));
}

/**
 * Escapes the characters that JSON allows and SQS refuses, U+FFFE and U+FFFF
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html).
 */
export function escapeForSqs(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
