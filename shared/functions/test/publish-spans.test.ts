import { eventTypes, OrderPlaced } from '@orderly/contracts';
import { context } from './invocations.ts';
import { orderEvent } from './records.ts';
import { caller, collectSpans, spans, toolkit } from './spans-under-test.ts';
import { accessDenied } from './sqs-stand-in.ts';
import { forNow, permanently, prefix, recordsOf, refusing, topicUnderTest } from './topic-under-test.ts';

const topic = topicUnderTest();
collectSpans();

const event = orderEvent('A', { traceparent: caller.traceparent });
const other = orderEvent('B');

/** A publisher that has not looked up subscriptions yet. */
function publisher(variable: 'true' | 'false' = 'true') {
  const { publishOutbox } = toolkit(variable);
  const publish = publishOutbox({ topic: 'order-events', eventTypes: eventTypes['order-events'] });
  return () => publish({ Records: recordsOf(event, other) }, context);
}

it('the span of a published event counts its subscriptions, and has the span that caused the event as parent', async () => {
  topic.standIn.create(`${prefix}first.fifo`);
  topic.standIn.create(`${prefix}second.fifo`);
  topic.standIn.create(`${prefix}third.fifo`, { 'orderly:events': 'OrderShipped' });

  await publisher()();

  expect(spans).toMatchObject([
    {
      name: 'publish OrderPlaced',
      kind: 'producer',
      traceId: caller.traceId,
      spanId: expect.stringMatching(/^[0-9a-f]{16}$/),
      parentSpanId: caller.spanId,
      outcome: 'ok',
      attributes: {
        'messaging.system': 'aws_sqs',
        'messaging.operation.type': 'send',
        'messaging.destination.name': 'order-events',
        'messaging.message.id': event.id,
        'cloudevents.event_type': OrderPlaced.type,
        'cloudevents.event_subject': 'A',
        'orderly.subscriptions': 2,
        'faas.name': 'function',
        correlation_id: event.correlationid,
        event_id: event.id,
      },
    },
    { name: 'publish OrderPlaced', outcome: 'ok', attributes: { event_id: other.id } },
  ]);
});

it('the span of an event that is parked is an error, and that of the event beside it is none', async () => {
  topic.standIn.create(`${prefix}broken.fifo`).refuses = refusing(event, permanently);
  topic.standIn.create(`${prefix}healthy.fifo`);

  await publisher()();

  expect(spans).toMatchObject([
    {
      outcome: 'error',
      error: 'Parked for 1 of 2 subscriptions',
      attributes: { 'orderly.subscriptions': 1 },
    },
    { outcome: 'ok', attributes: { 'orderly.subscriptions': 2 } },
  ]);
});

it('each try of an event has a span, which is an error until all subscriptions have the event', async () => {
  const queue = topic.standIn.create(`${prefix}slow.fifo`);
  topic.standIn.create(`${prefix}healthy.fifo`);
  queue.refuses = refusing(event, forNow);
  const publish = publisher();

  await publish();
  queue.refuses = () => undefined;
  await publish();

  expect(spans.filter(({ traceId }) => traceId === caller.traceId)).toMatchObject([
    {
      outcome: 'error',
      error: 'Not accepted for 1 of 2 subscriptions',
      attributes: { 'orderly.subscriptions': 1 },
    },
    { outcome: 'ok', attributes: { 'orderly.subscriptions': 2 } },
  ]);
});

it('the spans of events are errors where the subscriptions cannot be looked up', async () => {
  topic.standIn.listFault = accessDenied;

  await expect(publisher()()).rejects.toThrow('sent by the stand-in');

  expect(spans).toMatchObject([{ outcome: 'error' }, { outcome: 'error' }]);
  expect(spans[0]?.error).toContain('AccessDenied');
});

it('no span of a published event is written where spans are off', async () => {
  const queue = topic.standIn.create(`${prefix}first.fifo`);

  await publisher('false')();

  expect(queue.received).toHaveLength(2);
  expect(spans).toEqual([]);
});
