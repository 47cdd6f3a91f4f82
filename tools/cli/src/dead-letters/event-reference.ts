import { parse, parseJson } from '@orderly/contracts';
import type { EventReference } from '@orderly/functions/aws/publishing/parking';
import { escapeForSqs } from '@orderly/functions/messaging/message-body';
import * as v from 'valibot';
import { topicSources } from '../replay/topic-source.ts';
import type { Session } from '../session.ts';
import { withLastEvents } from '../tables/last-events.ts';
import { readItem } from '../tables/stage-table.ts';
import { type OfPublisher, topicOf } from './dead-letter-queue.ts';

const referenceSchema = v.strictObject({
  item: v.record(v.string(), v.string()),
  eventId: v.string(),
  sequenceNumber: v.string(),
  index: v.pipe(v.number(), v.integer(), v.minValue(0)),
});

/** @returns undefined for a message that is the event itself */
export function readReference(body: string): EventReference | undefined {
  const json = parseJson(body);
  const reference = json.outcome === 'valid' ? parse(referenceSchema, json.value) : json;
  return reference.outcome === 'valid' ? reference.value : undefined;
}

const itemSchema = v.object({
  outbox: v.object({ events: v.array(v.object({ id: v.string(), body: v.string() })) }),
});

export type ReferencedEvent =
  | { readonly outcome: 'found'; readonly body: string }
  | { readonly outcome: 'missing'; readonly reason: string };

/**
 * A function that reads the event of a reference from the topic's table. Characters that SQS refuses are escaped, so
 * an event that was parked because of them can be sent. It throws Failure for a topic that the contracts do not know.
 */
export function eventReader({ clients, stage }: Session, queue: OfPublisher) {
  return async ({ item: key, eventId, index }: EventReference): Promise<ReferencedEvent> => {
    const topic = topicOf(queue);
    const table = `${stage}-${topicSources[topic].service}`;
    const item = await readItem(clients.dynamodb, table, key);
    const read = parse(itemSchema, item && withLastEvents(item));
    const event = read.outcome === 'valid' ? read.value.outbox.events[index] : undefined;
    if (event !== undefined && event.id === eventId) {
      return { outcome: 'found', body: escapeForSqs(event.body) };
    }
    return {
      outcome: 'missing',
      reason: `its item ${Object.values(key).join(' ')} has changed and does not hold it any more; orderly replay --topic ${topic} publishes what the item holds now, and then the reference can be dropped`,
    };
  };
}
