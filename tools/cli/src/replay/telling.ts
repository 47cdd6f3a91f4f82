import { createHash } from 'node:crypto';
import { type CloudEvent, describeIssues, ProductUpserted, parse, parseJson } from '@orderly/contracts';
import { toMessageBody } from '@orderly/functions/messaging/message-body';
import { messageGroupOf } from '@orderly/functions/messaging/message-group';
import type { Message } from '@orderly/functions/messaging/send';
import * as v from 'valibot';
import { withLastEvents } from '../tables/last-events.ts';
import type { Item } from '../tables/stage-table.ts';
import type { ReplayRun } from './replay-run.ts';
import { topicSources } from './topic-source.ts';

/** An event on its way to be told again. */
export interface Retold extends Message {
  readonly eventId: string;
  readonly subject: string;
  readonly type: string;
  /** Absent when the event was made from a state that does not say since when it stands. */
  readonly time?: string;
}

/** What an item has to tell. */
export type Telling =
  /** It is no aggregate of the topic. */
  | { readonly told: 'other' }
  | { readonly told: 'nothing' }
  /** The events of its last change: several when that is told in several versions. */
  | { readonly told: 'events'; readonly events: readonly Retold[] }
  /** It is not as the services write it. */
  | { readonly told: 'unreadable'; readonly pk: string; readonly reason: string };

const itemSchema = v.object({
  pk: v.string(),
  outbox: v.exactOptional(v.object({ subject: v.string(), events: v.array(v.object({ body: v.string() })) })),
});

/** What a run gives to its events. */
type Run = Pick<ReplayRun, 'id' | 'topic' | 'startedAt'>;

/** What is read of an event here; the rest stays as it is. */
const eventSchema = v.looseObject({ id: v.string(), type: v.string(), time: v.string() });

const productSchema = v.looseObject({
  sku: v.string(),
  version: v.number(),
  // Products that were written by an older release have none.
  upsertedAt: v.exactOptional(v.pipe(v.string(), v.isoTimestamp())),
});

/** What an item of the topic's table tells: the events in its outbox, or, of a product, its state. Never throws. */
export function tell(run: Run, item: Item): Telling {
  const { aggregates } = topicSources[run.topic];
  const read = parse(itemSchema, withLastEvents(item));
  if (!read.ok) return { told: 'unreadable', pk: String(item.pk), reason: describeIssues(read.issues) };
  const { pk, outbox } = read.value;
  if (!aggregates.some((prefix) => pk.startsWith(prefix))) return { told: 'other' };
  if (outbox === undefined)
    return pk.startsWith('PRODUCT#') ? tellProduct(run, pk, item) : { told: 'nothing' };
  const events: Retold[] = [];
  for (const { body } of outbox.events) {
    const json = parseJson(body);
    const event = json.ok ? parse(eventSchema, json.value) : json;
    if (!event.ok) return { told: 'unreadable', pk, reason: describeIssues(event.issues) };
    const { id, type, time } = event.value;
    const marked = { ...event.value, orderlyreplay: true };
    events.push(retold(run, { id, type, subject: outbox.subject, body: toMessageBody(marked), time }));
  }
  return { told: 'events', events };
}

/**
 * The movements of its stock are not told and have taken the outbox away, so the event is made from the state. Its id
 * is the same for the same version. Its time is that of the upsert: movements of the stock are not what it is about. Where
 * the item does not say when that was, it is the time of the run
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md#time).
 */
function tellProduct(run: Run, pk: string, item: Item): Telling {
  const product = parse(productSchema, item);
  if (!product.ok) return { told: 'unreadable', pk, reason: describeIssues(product.issues) };
  const { sku, version, upsertedAt: time } = product.value;
  const { type, dataschema, schema } = ProductUpserted;
  const id = uuidOf(`orderly/inventory ${sku} ${version}`);
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
    // Products that were written before they could be taken off sale do not say.
    data: { onSale: true, ...product.value },
  } satisfies CloudEvent);
  if (!event.ok) return { told: 'unreadable', pk, reason: describeIssues(event.issues) };
  const body = toMessageBody(event.value);
  return {
    told: 'events',
    events: [retold(run, { id, type, subject: sku, body, ...(time !== undefined && { time }) })],
  };
}

function retold(
  run: Run,
  { id, ...event }: { id: string; type: string; subject: string; body: string; time?: string },
): Retold {
  return {
    ...event,
    group: messageGroupOf(event.subject),
    eventId: id,
    deduplicationId: `replay-${run.id}-${id}`,
  };
}

/** A UUIDv8 that follows from a name (RFC 9562, section 5.8). */
function uuidOf(name: string): string {
  const bytes = createHash('sha256').update(name).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
