import type { CloudEvent } from '@orderly/contracts';

/**
 * An event as the body of an SQS message: JSON, in which SQS refuses U+FFFE and U+FFFF (SendMessage in its API
 * reference) unless they are spelled in ASCII.
 */
export function toMessageBody(event: Pick<CloudEvent, 'id' | 'type'>): string {
  return JSON.stringify(event).replace(/[\uFFFE\uFFFF]/g, (char) => `\\u${char.charCodeAt(0).toString(16)}`);
}
