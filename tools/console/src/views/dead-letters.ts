import type { PeekedMessage } from '@orderly/aws/sqs/peek';
import type { SqsService } from '@orderly/aws/sqs/service';
import { readName } from '@orderly/cli/dead-letters/dead-letter-queue';
import {
  type ShownLetter,
  type ShownQueue,
  showDeadLetters,
  toShown,
} from '@orderly/cli/dead-letters/showing';
import type { Session } from '@orderly/cli/session';
import { eventName, parseJson } from '@orderly/contracts';
import { readableStack } from '@orderly/local/readable-stack';
import type { DeadLetter, LogEntry } from '../api.ts';

const LIMIT = 200;

/** Dead letters of a stage. */
export interface DeadLetters {
  /** @param queue the name of a dead-letter queue; all of them when absent */
  read(queue?: string): Promise<readonly DeadLetter[]>;
}

/** Read without receiving them, with the errors that this run's functions have logged. */
export const localDeadLetters = (
  stage: string,
  sqs: SqsService,
  logs: () => readonly LogEntry[],
): DeadLetters => ({
  read: async (wanted) => {
    const names = sqs.queues().map(({ name }) => name);
    const queues = names.filter((name) => name.startsWith(`${stage}-dlq--`));
    return queues
      .filter((name) => wanted === undefined || name === wanted)
      .flatMap((name) => {
        const queue = { ...readName(stage, name), url: name };
        return sqs
          .peek(name)
          .slice(0, LIMIT)
          .map((message) => toDeadLetter(queue, toShown(queue, received(message)), logs));
      });
  },
});

/** Read as `orderly dlq show` does: each look counts as a receive. */
export const remoteDeadLetters = (session: () => Session): DeadLetters => ({
  read: async (wanted) => {
    const queues: readonly ShownQueue[] = await showDeadLetters(session(), wanted, LIMIT);
    return queues.flatMap(({ queue: name, kind, letters }) =>
      letters.map((letter) => toDeadLetter({ name, kind }, letter, () => [])),
    );
  },
});

const received = (message: PeekedMessage): Parameters<typeof toShown>[1] => ({
  messageId: message.messageId,
  receiptHandle: '',
  body: message.body,
  attributes: message.messageAttributes as Parameters<typeof toShown>[1]['attributes'],
  ...(message.groupId !== undefined && { group: message.groupId }),
  ...(message.deduplicationId !== undefined && { deduplicationId: message.deduplicationId }),
  sentAt: new Date(message.sentAt),
  firstReceivedAt: new Date(message.firstReceivedAt ?? message.sentAt),
  receives: message.receiveCount,
});

/** With the error that the consumer has logged, where `logs` have it. */
export const toDeadLetter = (
  { name, kind }: { readonly name: string; readonly kind: DeadLetter['kind'] },
  { messageId, event, reason, failedAt, receives, body }: ShownLetter,
  logs: () => readonly LogEntry[],
): DeadLetter => {
  const error = errorOf(kind, { messageId, eventId: event?.id, body }, logs());
  return {
    ...{ queue: name, messageId, kind, reason: error?.message ?? reason, receives, body },
    failedAt: Date.parse(failedAt),
    ...(event?.type !== undefined && { type: eventName(event.type) }),
    ...(event?.subject !== undefined && { subject: event.subject }),
    ...(event?.id !== undefined && { eventId: event.id }),
    ...(error?.stack !== undefined && { stack: error.stack }),
  };
};

interface LoggedError {
  readonly message: string;
  readonly stack?: string;
}

/** The consumer's own words, from its latest line about the message, its event, or the endpoint that it wakes. */
const errorOf = (
  kind: DeadLetter['kind'],
  letter: { readonly messageId: string; readonly eventId: string | undefined; readonly body: string },
  logs: readonly LogEntry[],
): LoggedError | undefined => {
  if (kind !== 'subscription' && kind !== 'wake-ups') return undefined;
  const { messageId, eventId, body } = letter;
  const endpointId = kind === 'wake-ups' ? endpointOf(body) : undefined;
  const line = logs.find(
    ({ line: { message_id, messageId: id, event_id, endpoint_id, error } }) =>
      error !== undefined &&
      ([message_id, id].includes(messageId) ||
        (eventId !== undefined && event_id === eventId) ||
        (endpointId !== undefined && endpoint_id === endpointId)),
  );
  if (line === undefined) return undefined;
  const { name, message, stack }: { name?: string; message?: string; stack?: string } = Object(
    line.line.error,
  );
  return {
    message: `${name ?? 'Error'}: ${message ?? line.message}`,
    ...(stack !== undefined && { stack: readableStack(stack) }),
  };
};

/** The endpoint that a wake-up of the webhooks service names. */
const endpointOf = (body: string): string | undefined => {
  const json = parseJson(body);
  const { endpointId }: { endpointId?: unknown } = json.outcome === 'valid' ? Object(json.value) : {};
  return typeof endpointId === 'string' ? endpointId : undefined;
};
