// What `consume` does with a record, step by step: each of these does what the one before it does, and one thing more.
import {
  byType,
  type CloudEvent,
  defineEvent,
  type EventDefinition,
  OrderPlaced,
  on,
  readEvent,
} from '@orderly/contracts';
import { count, flushMetrics } from '@orderly/functions/observability/metrics';
import { inRequestContext, nextSpan } from '@orderly/functions/observability/request-context';
import type { SQSEvent } from 'aws-lambda';
import * as v from 'valibot';
import { doNothing, type Handler } from './handler.ts';

const EnvelopeOnly = defineEvent({ topic: OrderPlaced.topic, type: OrderPlaced.type, data: v.unknown() });

function checking(
  definition: EventDefinition,
  handle: (event: CloudEvent) => Promise<void>,
  endBatch: () => void = () => {},
): Handler<SQSEvent> {
  const index = byType([on(definition, handle)]);
  return async ({ Records }) => {
    for (const { body } of Records) {
      const read = readEvent(body, index);
      if (read.outcome !== 'event') throw new Error(`The event is ${read.outcome}`);
      await read.reaction.handle(read.event, undefined);
    }
    endBatch();
    return { batchItemFailures: [] };
  };
}

export const envelope = checking(EnvelopeOnly, doNothing);

export const data = checking(OrderPlaced, doNothing);

async function inItsFlow(event: CloudEvent): Promise<void> {
  const { id, correlationid, traceparent } = event;
  const own = {
    correlationId: correlationid,
    causationId: id,
    eventId: id,
    traceparent: nextSpan(traceparent),
  };
  await inRequestContext(own, () => doNothing(event));
}

export const flow = checking(OrderPlaced, inItsFlow);

export const metrics = checking(
  OrderPlaced,
  async (event) => {
    await inItsFlow(event);
    count('EventsHandled');
  },
  flushMetrics,
);
