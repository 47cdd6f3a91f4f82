import { describeIssues, parse, parseEvent, parseJson } from '@orderly/contracts';
import * as v from 'valibot';
import { plural } from '../plural.ts';
import { type DeadLetter, targetOf } from './dead-letter.ts';
import type { DeadLetterQueueName } from './dead-letter-queue.ts';
import { readReference } from './event-reference.ts';
import { readPosition } from './stream-position.ts';

/** The event of a dead letter, and why it failed. */
export interface Diagnosis {
  /** Absent when the message is no event. */
  readonly event?: EventSummary;
  readonly reason: string;
  /** The key of the item that holds the event: references only. */
  readonly item?: Readonly<Record<string, string>>;
  /** The queue that refused it: parked events only. */
  readonly target?: string;
  /** When it failed for the first time, as far as SQS knows. */
  readonly failedAt: string;
}

/** Reads a dead letter by the kind of queue that it is in. Never throws. */
export function diagnose(queue: DeadLetterQueueName, letter: DeadLetter): Diagnosis {
  const { kind } = queue;
  if (kind === 'stream') return diagnosePosition(letter);
  if (kind === 'wake-ups') return diagnoseWakeUp(queue.service, letter);
  const event = describedEvent(letter);
  if (kind === 'subscription') {
    return { ...event, reason: failureOf(letter), failedAt: letter.firstReceivedAt.toISOString() };
  }
  const target = targetOf(letter);
  return {
    ...event,
    reason: letter.attributes.reason?.StringValue ?? 'no reason is given',
    ...(target !== undefined && { target }),
    failedAt: letter.sentAt.toISOString(),
  };
}

/** The event of a dead letter; of a reference, as much as is known without reading the item. */
function describedEvent({ body, group }: DeadLetter): Pick<Diagnosis, 'event' | 'item'> {
  const reference = readReference(body);
  if (reference !== undefined) {
    const { item, eventId: id } = reference;
    return { event: { type: undefined, id, subject: group, sequence: undefined, time: undefined }, item };
  }
  const event = summarise(body);
  return event === undefined ? {} : { event };
}

function diagnosePosition({ body, sentAt }: DeadLetter): Diagnosis {
  const position = readPosition(body);
  if (position.outcome === 'invalid') {
    const reason = `not a message of Lambda's about a stream: ${describeIssues(position.issues)}`;
    return { reason, failedAt: sentAt.toISOString() };
  }
  const { condition, invokeCount, batchSize, shardId, startSequenceNumber, gaveUpAt } = position.value;
  return {
    reason: `${condition} after ${plural(invokeCount, 'try', 'tries')}: ${plural(batchSize, 'record')} of ${shardId} from ${startSequenceNumber}`,
    failedAt: gaveUpAt,
  };
}

function failureOf({ body, messageId }: DeadLetter): string {
  const read = parseEvent(body);
  if (read.outcome === 'invalid') return `breaks its contract: ${describeIssues(read.issues)}`;
  if (read.outcome === 'ignored') return `${read.type} is a type that the contracts here do not know`;
  return `it keeps its contract, so the consumer failed: look for ${messageId} in its log`;
}

function diagnoseWakeUp(service: string, { firstReceivedAt }: DeadLetter): Diagnosis {
  const reason = `a wake-up of ${service} for itself, no event: what it names failed, look for that in the log of ${service}`;
  return { reason, failedAt: firstReceivedAt.toISOString() };
}

const field = <S extends v.GenericSchema>(schema: S) => v.fallback(v.optional(schema), undefined);

const summarySchema = v.object({
  type: field(v.string()),
  id: field(v.string()),
  subject: field(v.string()),
  sequence: field(v.number()),
  time: field(v.string()),
});

/** The readable fields of an event, which may break its contract. */
export type EventSummary = Readonly<v.InferOutput<typeof summarySchema>>;

function summarise(body: string): EventSummary | undefined {
  const json = parseJson(body);
  const summary = json.outcome === 'valid' ? parse(summarySchema, json.value) : json;
  if (summary.outcome === 'invalid' || summary.value.type === undefined) return undefined;
  return summary.value;
}
