import type { CloudEvent, NewEvent } from '@orderly/contracts';
import { environment, text } from '../env.ts';
import { currentRequestContext } from '../observability/request-context.ts';
import { sourceNamespace } from '../project.ts';
import { newEventId } from './event-id.ts';
import { toMessageBody } from './message-body.ts';

/** One event in an outbox: `body` is what subscribers receive, byte for byte. */
export interface OutboxEntry {
  readonly id: string;
  readonly type: string;
  readonly body: string;
}

/**
 * The attribute `outbox` of an item: the events that its latest write caused. The table's stream carries them to the
 * publisher. Writes without events remove `outbox`, so that nothing is published again.
 */
export interface Outbox {
  readonly subject: string;
  readonly events: readonly OutboxEntry[];
}

const env = environment({ POWERTOOLS_SERVICE_NAME: text });

/**
 * Wraps events in CloudEvents 1.0 envelopes, with ids, the time, and the current request context.
 *
 * @param aggregate.subject the aggregate's id
 * @param aggregate.sequence the aggregate's version after the change
 * @param events at least one
 * @returns the value of the item's `outbox` attribute
 * @throws Error outside of `http` and `consume`
 */
export function outbox(
  aggregate: { readonly subject: string; readonly sequence: number },
  events: readonly NewEvent[],
): Outbox {
  const { correlationId, causationId, traceparent } = currentRequestContext();
  const seal = ({ type, dataschema, data, replacedby }: NewEvent): OutboxEntry => {
    const event: CloudEvent = {
      specversion: '1.0',
      id: newEventId(),
      source: `${sourceNamespace}${env.POWERTOOLS_SERVICE_NAME}`,
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
