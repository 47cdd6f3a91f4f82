import {
  byType,
  type CloudEvent,
  describeIssues,
  eventName,
  type Reaction,
  readEvent,
} from '@orderly/contracts';
import { consuming, messagingSystem } from '#cloud/consume';
import { log } from '../observability/log.ts';
import { count } from '../observability/metrics.ts';
import {
  inRequestContext,
  type LogKeys,
  nextSpan,
  type RequestContext,
  readLogKeys,
  traceparentPattern,
} from '../observability/request-context.ts';
import { beginSpan } from '../observability/span.ts';
import { envelopeOf } from './envelope.ts';
import type { Invocation, Message } from './message.ts';

export type { Invocation };

/** What a reaction learns beside the event. */
export interface Received extends Invocation {
  /** The message as it was published, with members that this version of the contracts does not know. */
  readonly body: string;
}

export interface ConsumeOptions {
  /** By log key, the member of an event's data whose value every log line of the event has. */
  readonly logKeys?: LogKeys;
}

type Consumer = ReturnType<typeof consuming>;

/**
 * A function that consumes a subscription: `consume(on(OrderPlaced, async ({ data }) => { ... }))`, with options before
 * the reactions where it needs any.
 *
 * The messages of an aggregate are handled one after the other, and aggregates side by side. A message that fails is
 * redelivered, and the later ones of its aggregate wait for it; after so many receives it is dead-lettered. Events of other
 * types are acknowledged.
 *
 * @throws TypeError at load when two reactions handle the same event type
 * @throws EnvironmentError at load
 */
export function consume(...reactions: readonly Reaction<Received>[]): Consumer;
export function consume(options: ConsumeOptions, ...reactions: readonly Reaction<Received>[]): Consumer;
export function consume(
  first: ConsumeOptions | Reaction<Received> = {},
  ...rest: readonly Reaction<Received>[]
): Consumer {
  const { logKeys = {} }: ConsumeOptions = 'definition' in first ? {} : first;
  const index = byType('definition' in first ? [first, ...rest] : rest);

  return consuming((message, invocation, deadline) => {
    const read = readEvent(message.body, index);
    if (read.outcome === 'ignored') {
      count('EventsIgnored');
      log.debug('Event ignored', { type: read.type });
      return true;
    }
    if (read.outcome === 'invalid') {
      // No Error: its stack would say nothing, and takes longer than the rest of the message.
      const error = { name: 'InvalidEventError', message: describeIssues(read.issues) };
      const endSpan = beginSpan?.('consumer', ...unreadableSpanOf(message));
      endSpan?.(`${error.name}: ${error.message}`);
      return failed(message, error);
    }
    const { event, reaction } = read;
    return inRequestContext(contextOf(event, logKeys, deadline), () =>
      react(message, reaction, event, invocation),
    );
  });
}

/** @returns whether the reaction succeeded */
async function react(
  message: Message,
  reaction: Reaction<Received>,
  event: CloudEvent,
  { remainingMs }: Invocation,
): Promise<boolean> {
  const endSpan = beginSpan?.('consumer', ...spanOf(message, event));
  try {
    await reaction.handle(event, { remainingMs, body: message.body });
    endSpan?.();
    count('EventsHandled');
    return true;
  } catch (error) {
    endSpan?.(error);
    return failed(message, error);
  }
}

function contextOf(
  { id, correlationid, traceparent, data }: CloudEvent,
  logKeys: LogKeys,
  deadline: AbortSignal | undefined,
): RequestContext {
  return {
    correlationId: correlationid,
    causationId: id,
    traceparent: nextSpan(traceparent),
    parent: traceparent,
    eventId: id,
    logKeys: readLogKeys(logKeys, data),
    deadline,
  };
}

/** Name and attributes: https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/ */
function spanOf(
  message: Message,
  { id, type, subject }: Partial<Pick<CloudEvent, 'id' | 'type' | 'subject'>>,
) {
  const attributes = {
    'messaging.system': messagingSystem,
    'messaging.operation.type': 'process',
    'messaging.destination.name': message.queue,
    'messaging.message.id': id,
    'cloudevents.event_type': type,
    'cloudevents.event_subject': subject,
    'orderly.receive_count': message.receiveCount,
  };
  return [`process ${type === undefined ? 'message' : eventName(type)}`, attributes] as const;
}

/** The span of a message that is no valid event, with a context of its own. */
function unreadableSpanOf(message: Message) {
  const envelope = envelopeOf(message.body);
  const { traceparent = '', correlationid: correlationId, id: eventId } = envelope;
  const parent = traceparentPattern.test(traceparent) ? traceparent : undefined;
  const context = { traceparent: nextSpan(parent), parent, correlationId, eventId };
  return [...spanOf(message, { id: message.id, ...envelope }), context] as const;
}

function failed(message: Message, error: unknown): false {
  count('EventsFailed');
  log.error('Message failed; it will be redelivered or dead-lettered', {
    message_id: message.id,
    queue: message.queue,
    receive_count: message.receiveCount,
    error,
  });
  return false;
}
