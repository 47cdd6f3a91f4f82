import { type CloudEvent, describeIssues, ProductUpserted, parse, parseJson } from '@orderly/contracts';
import { messageGroupOf } from '@orderly/functions/aws/publishing/message-group';
import type { Message } from '@orderly/functions/aws/publishing/send';
import { derivedUuid } from '@orderly/functions/derived-uuid';
import { toMessageBody } from '@orderly/functions/messaging/message-body';
import * as v from 'valibot';
import { withLastEvents } from '../tables/last-events.ts';
import type { Item } from '../tables/stage-table.ts';
import type { ReplayRun } from './replay-run.ts';
import { topicSources } from './topic-source.ts';

/** An event that is published again. */
export interface ReplayedEvent extends Message {
  readonly eventId: string;
  readonly subject: string;
  readonly type: string;
  /** Absent when the event was made from a state without a time. */
  readonly time?: string;
}

/** The events of an item. */
export type ItemEvents =
  /** The item is no aggregate of the topic. */
  | { readonly outcome: 'other' }
  | { readonly outcome: 'none' }
  /** The events of its last change: several when that is published in several versions. */
  | { readonly outcome: 'events'; readonly events: readonly ReplayedEvent[] }
  /** The services do not write such an item. */
  | { readonly outcome: 'unreadable'; readonly pk: string; readonly reason: string };

const itemSchema = v.object({
  pk: v.string(),
  outbox: v.exactOptional(v.object({ subject: v.string(), events: v.array(v.object({ body: v.string() })) })),
});

/** What the events of a run have from it. */
type Run = Pick<ReplayRun, 'id' | 'topic' | 'startedAt'>;

/** The fields that are read here; the rest stays as it is. */
const eventSchema = v.looseObject({ id: v.string(), type: v.string(), time: v.string() });

const productSchema = v.looseObject({
  sku: v.string(),
  version: v.number(),
  // Absent in products that an older release wrote.
  upsertedAt: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
});

/** The events in the outbox of an item, or, of a product without one, an event made from its state. Never throws. */
export function eventsOf(run: Run, item: Item): ItemEvents {
  const { aggregates } = topicSources[run.topic];
  const read = parse(itemSchema, withLastEvents(item));
  if (read.outcome === 'invalid')
    return { outcome: 'unreadable', pk: String(item.pk), reason: describeIssues(read.issues) };
  const { pk, outbox } = read.value;
  if (!aggregates.some((prefix) => pk.startsWith(prefix))) return { outcome: 'other' };
  if (outbox === undefined)
    return pk.startsWith('PRODUCT#') ? eventOfProduct(run, pk, item) : { outcome: 'none' };
  const events: ReplayedEvent[] = [];
  for (const { body } of outbox.events) {
    const json = parseJson(body);
    const event = json.outcome === 'valid' ? parse(eventSchema, json.value) : json;
    if (event.outcome === 'invalid')
      return { outcome: 'unreadable', pk, reason: describeIssues(event.issues) };
    const { id, type, time } = event.value;
    const marked = { ...event.value, orderlyreplay: true };
    events.push(toReplayed(run, { id, type, subject: outbox.subject, body: toMessageBody(marked), time }));
  }
  return { outcome: 'events', events };
}

/**
 * Movements of stock publish no event and remove the outbox, so the event is made from the state. Its id is the same for
 * the same version. Its time is that of the upsert, because the event is not about stock, or else that of the run
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#time).
 */
function eventOfProduct(run: Run, pk: string, item: Item): ItemEvents {
  const product = parse(productSchema, item);
  if (product.outcome === 'invalid')
    return { outcome: 'unreadable', pk, reason: describeIssues(product.issues) };
  const { sku, version, upsertedAt: time } = product.value;
  const { type, dataschema, schema } = ProductUpserted;
  const id = derivedUuid(`orderly/inventory ${sku} ${version}`);
  const flow = `replay-${run.id}`;
  const event = parse(schema, {
    specversion: '1.0',
    id,
    source: 'orderly/inventory',
    type,
    subject: sku,
    time: time ?? run.startedAt,
    datacontenttype: 'application/json',
    dataschema,
    sequence: version,
    correlationid: flow,
    causationid: flow,
    orderlyreplay: true,
    // Absent in products from before they could be taken off sale.
    data: { onSale: true, ...product.value },
  } satisfies CloudEvent);
  if (event.outcome === 'invalid') return { outcome: 'unreadable', pk, reason: describeIssues(event.issues) };
  const body = toMessageBody(event.value);
  return {
    outcome: 'events',
    events: [toReplayed(run, { id, type, subject: sku, body, ...(time !== undefined && { time }) })],
  };
}

function toReplayed(
  run: Run,
  { id, ...event }: { id: string; type: string; subject: string; body: string; time?: string },
): ReplayedEvent {
  return {
    ...event,
    group: messageGroupOf(event.subject),
    eventId: id,
    deduplicationId: `replay-${run.id}-${id}`,
  };
}
