import type { CloudEvent, NewEvent } from '@orderly/contracts';
import { uuidv7 } from 'uuidv7';
import { environment, text } from '../env.ts';
import { currentRequestContext } from '../observability/request-context.ts';
import { toMessageBody } from './message-body.ts';

/** One event as the outbox holds it: `body` is what subscribers get, byte for byte. */
export interface OutboxEntry {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/**
 * The attribute `outbox` of an item: the events that this very write caused. The table's stream carries it to
 * the publisher. Every write sets it anew or leaves it out, or an old event would be published again.
 */
export interface Outbox {
  readonly subject: string;
  readonly events: readonly OutboxEntry[];
}

const env = environment({ POWERTOOLS_SERVICE_NAME: text });

/**
 * Seals what has happened into events, with ids, time and the current flow.
 *
 * @param aggregate.subject the aggregate's id
 * @param aggregate.sequence the aggregate's version after the change
 * @param events at least one
 * @returns the value of the item's `outbox` attribute
 * @throws Error outside of a flow
 */
export function outbox(
  aggregate: { readonly subject: string; readonly sequence: number },
  events: readonly NewEvent[],
): Outbox {
  const { correlationId, causationId, traceparent } = currentRequestContext();
  const seal = ({ type, dataschema, data, replacedby }: NewEvent): OutboxEntry => {
    const event: CloudEvent = {
      specversion: '1.0',
      id: uuidv7(),
      source: `orderly/${env.POWERTOOLS_SERVICE_NAME}`,
      type,
      subject: aggregate.subject,
      time: new Date().toISOString(),
      datacontenttype: 'application/json',
      dataschema,
      sequence: aggregate.sequence,
      correlationid: correlationId,
      causationid: causationId,
      ...(traceparent === undefined ? {} : { traceparent }),
      ...(replacedby === undefined ? {} : { replacedby }),
      data,
    };
    return { id: event.id, type, body: toMessageBody(event) };
  };
  return { subject: aggregate.subject, events: events.map(seal) };
}
