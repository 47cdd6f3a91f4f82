import { describeIssues, parse, parseJson } from '@orderly/contracts';
import * as v from 'valibot';
import type { Message } from '../messaging/message.ts';

/** https://cloud.google.com/pubsub/docs/push#receive_push */
const Push = v.object({
  message: v.object({ data: v.optional(v.string(), ''), messageId: v.string() }),
  subscription: v.string(),
  // Only where the subscription has a dead-letter topic.
  deliveryAttempt: v.optional(v.number(), 1),
});

/** Pub/Sub has not sent this. */
export class NoPushError extends Error {
  override readonly name = 'NoPushError';
}

/** @param body of a request of Pub/Sub, whose message is wrapped @throws NoPushError */
export function readPush(body: string): Message {
  const json = parseJson(body);
  if (json.outcome === 'invalid') throw new NoPushError('The body is not JSON');
  const push = parse(Push, json.value);
  if (push.outcome === 'invalid') throw new NoPushError(describeIssues(push.issues));
  const { message, subscription, deliveryAttempt } = push.value;
  return {
    id: message.messageId,
    body: Buffer.from(message.data, 'base64').toString('utf8'),
    queue: subscription.split('/').at(-1),
    receiveCount: deliveryAttempt,
  };
}
