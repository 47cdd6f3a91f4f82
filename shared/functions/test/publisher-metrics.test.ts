import { log } from '../src/observability/log.ts';
import * as metrics from '../src/observability/metrics.ts';
import { orderEvent } from './records.ts';
import { accessDenied } from './sqs-stand-in.ts';
import {
  forNow,
  permanently,
  prefix,
  recordsOf,
  refusing,
  throwing,
  topicUnderTest,
} from './topic-under-test.ts';

const topic = topicUnderTest();
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const [a1, b1, c1] = [orderEvent('A'), orderEvent('B', { traceparent }), orderEvent('C')];
const records = recordsOf(a1, b1, c1);
let counts: Record<string, number>;

beforeEach(() => {
  counts = {};
  jest.spyOn(metrics, 'count').mockImplementation((name, value = 1) => {
    if (value > 0) counts[name] = (counts[name] ?? 0) + value;
  });
});

it('an event is counted as published once, with or without subscribers', async () => {
  await topic.publish({ Records: records });
  const withoutSubscribers = counts;
  counts = {};
  topic.standIn.create(`${prefix}first.fifo`);
  topic.standIn.create(`${prefix}second.fifo`, { 'orderly:events': 'OrderShipped' });
  await topic.publish({ Records: records });

  expect(withoutSubscribers).toEqual({ EventsPublished: 3 });
  expect(counts).toEqual({ EventsPublished: 3 });
});

it('a retried event is counted once, when it is published', async () => {
  const broken = topic.standIn.create(`${prefix}broken.fifo`);
  topic.standIn.create(`${prefix}healthy.fifo`);
  broken.refuses = refusing(b1, forNow);
  await topic.publish({ Records: records });
  const first = { ...counts };
  broken.refuses = () => false;
  await topic.publish({ Records: records.slice(1) });

  expect(first).toEqual({ EventsPublished: 1 });
  expect(counts).toEqual({ EventsPublished: 3 });
});

it('an event is parked and counted once for each subscription that refuses it', async () => {
  const targets = ['first', 'second'].map((name) => topic.standIn.create(`${prefix}${name}.fifo`));
  for (const target of targets) target.refuses = throwing(accessDenied);

  await topic.publish({ Records: records.slice(0, 1) });

  expect(counts).toEqual({ EventsPublished: 1, EventsParked: 2 });
  const { received } = topic.parking;
  const parkedFor = received.map(({ MessageAttributes }) => MessageAttributes?.target?.StringValue);
  expect(parkedFor.toSorted()).toEqual(targets.map(({ url }) => url));
  expect(new Set(received.map((entry) => entry.MessageDeduplicationId)).size).toBe(2);
});

it('a parked event that is retried behind a failed one is parked and counted once', async () => {
  topic.standIn.create(`${prefix}picky.fifo`).refuses = refusing(b1, permanently);
  const broken = topic.standIn.create(`${prefix}broken.fifo`);
  broken.refuses = refusing(a1, forNow);
  await topic.publish({ Records: records });
  const first = { ...counts };
  broken.refuses = () => false;
  await topic.publish({ Records: records });

  expect(first).toEqual({});
  expect(counts).toEqual({ EventsPublished: 3, EventsParked: 1 });
  expect(topic.parking.events).toEqual([b1.id]);
});

it('each parked event has a log line with the ids of its aggregate, request and trace', async () => {
  const queue = topic.standIn.create(`${prefix}picky.fifo`);
  queue.refuses = () => permanently;
  const logged = jest.spyOn(log, 'error');

  await topic.publish({ Records: records.slice(0, 2) });

  const line = { target: queue.url, reason: 'InvalidParameterValue: too long' };
  const ids = { event_id: b1.id, subject: 'B', correlation_id: b1.correlationid };
  expect(logged.mock.calls).toEqual([
    ['An event was refused and parked', expect.objectContaining({ ...line, event_id: a1.id })],
    ['An event was refused and parked', { ...line, ...ids, trace_id: '0af7651916cd43dd8448eb211c80319c' }],
  ]);
});
