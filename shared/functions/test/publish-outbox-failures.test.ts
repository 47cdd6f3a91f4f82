import type { DynamoDBRecord } from 'aws-lambda';
import { log } from '../src/observability/log.ts';
import { orderEvent, streamRecord } from './records.ts';
import { accessDenied, Fault, noSuchQueue, type Queue, unavailable } from './sqs-stand-in.ts';
import {
  all,
  bodyOf,
  forNow,
  from,
  ids,
  parkingName,
  permanently,
  prefix,
  refusing,
  throwing,
  topicUnderTest,
} from './topic-under-test.ts';

const topic = topicUnderTest();
const [a1, b1, c1] = [orderEvent('A'), orderEvent('B'), orderEvent('C')];

describe('a failure for a while', () => {
  it.each<[string, (queue: Queue) => void]>([
    ['of one entry', (queue) => (queue.refuses = refusing(b1, forNow))],
    [
      'by throttling of one entry',
      (queue) =>
        (queue.refuses = refusing(b1, { ...forNow, Code: 'ThrottlingException', SenderFault: true })),
    ],
    ['that leaves an entry out of the answer', (queue) => (queue.refuses = refusing(b1, 'omitted' as const))],
  ])('%s gives back its record, and nothing is parked', async (_how, arrange) => {
    const queue = topic.standIn.create(`${prefix}first.fifo`);
    arrange(queue);

    const answer = await topic.publish({
      Records: [streamRecord('1', a1), streamRecord('2', b1), streamRecord('3', c1)],
    });

    expect(answer).toEqual(from('2'));
    expect(queue.events).toEqual(ids(a1, c1));
    expect(topic.parking.received).toEqual([]);
  });

  it.each([unavailable, new Fault(403, 'RequestThrottled'), new Fault(400, 'KmsThrottled')])(
    'of the whole call gives back the lowest record: %j',
    async (fault) => {
      topic.standIn.create(`${prefix}broken.fifo`).refuses = throwing(fault);
      const healthy = topic.standIn.create(`${prefix}healthy.fifo`);

      const answer = await topic.publish({ Records: [streamRecord('1', a1), streamRecord('2', b1)] });

      expect(answer).toEqual(from('1'));
      expect(healthy.events).toEqual(ids(a1, b1));
      expect(topic.parking.received).toEqual([]);
    },
  );

  it('of several subscriptions gives back the lowest record of all', async () => {
    topic.standIn.create(`${prefix}first.fifo`).refuses = refusing(c1, forNow);
    topic.standIn.create(`${prefix}second.fifo`).refuses = refusing(b1, forNow);

    const answer = await topic.publish({
      Records: [streamRecord('1', a1), streamRecord('2', b1), streamRecord('3', c1)],
    });

    expect(answer).toEqual(from('2'));
  });
});

describe('a refusal for good', () => {
  it('parks the event whole, with target and reason, and blocks neither the shard nor the others', async () => {
    const broken = topic.standIn.create(`${prefix}broken.fifo`);
    broken.refuses = refusing(a1, permanently);
    const healthy = topic.standIn.create(`${prefix}healthy.fifo`);

    const answer = await topic.publish({ Records: [streamRecord('1', a1), streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1));
    expect(broken.events).toEqual([b1.id]);
    expect(topic.parking.received.map(bodyOf)).toEqual([a1]);
    expect(topic.parking.received).toMatchObject([
      {
        MessageGroupId: 'A',
        MessageDeduplicationId: expect.stringMatching(new RegExp(`^${a1.id}:[0-9a-f]{16}$`)),
        MessageAttributes: {
          target: { DataType: 'String', StringValue: broken.url },
          reason: { DataType: 'String', StringValue: 'InvalidParameterValue: too long' },
        },
      },
    ]);
  });

  it('of the whole call parks every event of it', async () => {
    topic.standIn.create(`${prefix}broken.fifo`).refuses = throwing(accessDenied);
    const many = Array.from({ length: 12 }, (_, index) => orderEvent(`order ${index}`));

    const answer = await topic.publish({
      Records: many.map((event, index) => streamRecord(String(index), event)),
    });

    expect(answer).toEqual(all);
    expect(new Set(topic.parking.events)).toEqual(new Set(ids(...many)));
  });

  it('of two subscriptions parks the event once for each', async () => {
    const targets = ['first', 'second'].map((name) => topic.standIn.create(`${prefix}${name}.fifo`));
    for (const target of targets) target.refuses = throwing(accessDenied);

    await topic.publish({ Records: [streamRecord('1', a1)] });

    const parkedFor = topic.parking.received.map(
      ({ MessageAttributes }) => MessageAttributes?.target?.StringValue,
    );
    expect(parkedFor.toSorted()).toEqual(targets.map(({ url }) => url));
    expect(new Set(topic.parking.received.map((entry) => entry.MessageDeduplicationId)).size).toBe(2);
  });

  it.each([
    ['ünïcode\n\u0000', 'C:  n code'],
    ['x'.repeat(2_000), `C: ${'x'.repeat(997)}`],
    ['', 'C:'],
  ])('gives a reason that SQS takes as an attribute, whatever was said (%#)', async (Message, reason) => {
    topic.standIn.create(`${prefix}broken.fifo`).refuses = () => ({ ...permanently, Code: 'C', Message });

    await topic.publish({ Records: [streamRecord('1', a1)] });

    expect(topic.parking.received[0]?.MessageAttributes?.reason?.StringValue).toBe(reason);
  });
});

describe('when an event cannot even be parked', () => {
  let broken: Queue;
  beforeEach(() => {
    broken = topic.standIn.create(`${prefix}broken.fifo`);
    broken.refuses = refusing(b1, permanently);
  });
  const records: readonly DynamoDBRecord[] = [
    streamRecord('1', a1),
    streamRecord('2', b1),
    streamRecord('3', c1),
  ];

  it('because the dead-letter queue is missing, its record is given back; it is parked once there is one', async () => {
    topic.standIn.delete(parkingName);
    const logged = jest.spyOn(log, 'error');

    const without = await topic.publish({ Records: [...records] });
    topic.parking = topic.standIn.create(parkingName);
    const again = await topic.publish({ Records: records.slice(1) });

    expect(without).toEqual(from('2'));
    expect(logged).toHaveBeenNthCalledWith(1, 'Events could not be parked; the stream will come again', {
      queue: parkingName,
      error: expect.objectContaining({ name: 'QueueDoesNotExist' }),
    });
    expect(again).toEqual(all);
    expect(topic.parking.events).toEqual([b1.id]);
  });

  it.each([
    [() => permanently, 'InvalidParameterValue: too long'],
    [() => forNow, 'InternalError: later'],
    [throwing(unavailable), 'ServiceUnavailable: told by the stand-in'],
  ])(
    'because the dead-letter queue refuses it, its record is given back and the log says why (%#)',
    async (refuses, reason) => {
      topic.parking.refuses = refuses;
      const logged = jest.spyOn(log, 'error');

      const answer = await topic.publish({ Records: [...records] });

      expect(answer).toEqual(from('2'));
      expect(broken.events).toEqual(ids(a1, c1));
      expect(logged.mock.calls).toEqual([
        ['Events could not be parked; the stream will come again', { queue: parkingName, reason }],
      ]);
    },
  );

  it('the later events of its aggregate wait', async () => {
    topic.standIn.delete(parkingName);
    const b2 = orderEvent('B');

    const answer = await topic.publish({ Records: [streamRecord('1', b1), streamRecord('2', b2)] });

    expect(answer).toEqual(from('1'));
    expect(broken.events).toEqual([]);
  });
});

describe('a subscription that is gone', () => {
  it('is looked up again at once, and its events are dropped when it really is', async () => {
    topic.standIn.create(`${prefix}gone.fifo`);
    const healthy = topic.standIn.create(`${prefix}healthy.fifo`);
    await topic.publish({ Records: [streamRecord('1', a1)] });
    topic.standIn.delete(`${prefix}gone.fifo`);

    const answer = await topic.publish({ Records: [streamRecord('2', b1)] });
    await topic.publish({ Records: [streamRecord('3', c1)] });

    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1, c1));
    expect(topic.parking.received).toEqual([]);
    expect(topic.standIn.countOf('ListQueues')).toBe(2);
  });

  it('but still listed gets its events parked: nothing is lost on a contradiction', async () => {
    topic.standIn.create(`${prefix}contradictory.fifo`).refuses = throwing(noSuchQueue);

    const answer = await topic.publish({ Records: [streamRecord('1', a1)] });

    expect(answer).toEqual(all);
    expect(topic.parking.events).toEqual([a1.id]);
    expect(topic.standIn.countOf('ListQueues')).toBe(2);
  });

  it('while the look-up fails gets its events parked', async () => {
    topic.standIn.create(`${prefix}gone.fifo`);
    await topic.publish({ Records: [streamRecord('1', a1)] });
    topic.standIn.delete(`${prefix}gone.fifo`);
    topic.standIn.listFault = unavailable;

    const answer = await topic.publish({ Records: [streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect(topic.parking.events).toEqual([b1.id]);
  });
});
