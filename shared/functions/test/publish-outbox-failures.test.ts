import { log } from '../src/observability/log.ts';
import { orderEvent, streamRecord } from './records.ts';
import { noSuchQueue, type Queue, unavailable } from './sqs-stand-in.ts';
import {
  all,
  bodyOf,
  forNow,
  from,
  ids,
  parkingName,
  permanently,
  prefix,
  recordsOf,
  refusing,
  throwing,
  topicUnderTest,
} from './topic-under-test.ts';

const topic = topicUnderTest();
const [a1, b1, c1] = [orderEvent('A'), orderEvent('B'), orderEvent('C')];

describe('a transient failure', () => {
  it('of some events returns the first of their records, and parks nothing', async () => {
    const first = topic.standIn.create(`${prefix}first.fifo`);
    const second = topic.standIn.create(`${prefix}second.fifo`);
    first.refuses = refusing(c1, forNow);
    second.refuses = refusing(b1, forNow);

    const answer = await topic.publish({ Records: recordsOf(a1, b1, c1) });

    expect(answer).toEqual(from('2'));
    expect([first.events, second.events]).toEqual([ids(a1, b1), ids(a1, c1)]);
    expect(topic.parking.received).toEqual([]);
  });
});

describe('a permanent refusal', () => {
  it('parks the event whole, with target and reason, and stops neither later events nor other subscriptions', async () => {
    const broken = topic.standIn.create(`${prefix}broken.fifo`);
    broken.refuses = refusing(a1, permanently);
    const healthy = topic.standIn.create(`${prefix}healthy.fifo`);
    const a2 = orderEvent('A');

    const answer = await topic.publish({ Records: [streamRecord('1', a1, a2), streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1, a2));
    expect(broken.events).toEqual(ids(b1, a2));
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

  it.each([
    ['ünïcode\n\u0000', 'C:  n code'],
    ['x'.repeat(2_000), `C: ${'x'.repeat(997)}`],
    ['', 'C:'],
  ])('has a reason that SQS accepts as an attribute (%#)', async (Message, reason) => {
    topic.standIn.create(`${prefix}broken.fifo`).refuses = () => ({ ...permanently, Code: 'C', Message });

    await topic.publish({ Records: recordsOf(a1) });

    expect(topic.parking.received[0]?.MessageAttributes?.reason?.StringValue).toBe(reason);
  });
});

describe('an event that cannot even be parked', () => {
  let broken: Queue;
  beforeEach(() => {
    broken = topic.standIn.create(`${prefix}broken.fifo`);
    broken.refuses = refusing(b1, permanently);
  });
  const records = recordsOf(a1, b1, c1);

  it('for want of a dead-letter queue is retried, and parked once there is one', async () => {
    topic.standIn.delete(parkingName);
    const logged = jest.spyOn(log, 'error');

    const without = await topic.publish({ Records: records });
    topic.parking = topic.standIn.create(parkingName);
    const again = await topic.publish({ Records: records.slice(1) });

    expect(without).toEqual(from('2'));
    expect(logged).toHaveBeenNthCalledWith(1, 'Events could not be parked; the stream will retry them', {
      queue: parkingName,
      error: expect.objectContaining({ name: 'QueueDoesNotExist' }),
    });
    expect(again).toEqual(all);
    expect(topic.parking.events).toEqual([b1.id]);
  });

  it.each([
    [() => permanently, 'InvalidParameterValue: too long'],
    [() => forNow, 'InternalError: later'],
    [throwing(unavailable), 'ServiceUnavailable: sent by the stand-in'],
  ])(
    'since the dead-letter queue refuses it is retried, and the log says why (%#)',
    async (refuses, reason) => {
      topic.parking.refuses = refuses;
      const logged = jest.spyOn(log, 'error');

      const answer = await topic.publish({ Records: records });

      expect(answer).toEqual(from('2'));
      expect(broken.events).toEqual(ids(a1, c1));
      expect(logged.mock.calls).toEqual([
        ['Events could not be parked; the stream will retry them', { queue: parkingName, reason }],
      ]);
    },
  );

  it('holds back the later events of its aggregate', async () => {
    topic.standIn.delete(parkingName);
    const b2 = orderEvent('B');

    const answer = await topic.publish({ Records: recordsOf(b1, b2) });

    expect(answer).toEqual(from('1'));
    expect(broken.events).toEqual([]);
  });
});

describe('a subscription whose queue a send does not find', () => {
  it('is looked up at once, and its events are dropped if the look-up does not find it either', async () => {
    topic.standIn.create(`${prefix}gone.fifo`);
    const healthy = topic.standIn.create(`${prefix}healthy.fifo`);
    await topic.publish({ Records: recordsOf(a1) });
    topic.standIn.delete(`${prefix}gone.fifo`);

    const answer = await topic.publish({ Records: [streamRecord('2', b1)] });
    await topic.publish({ Records: [streamRecord('3', c1)] });

    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1, c1));
    expect(topic.parking.received).toEqual([]);
    expect(topic.standIn.countOf('ListQueues')).toBe(2);
  });

  it('has its events parked if it is still listed: a contradiction loses nothing', async () => {
    topic.standIn.create(`${prefix}contradictory.fifo`).refuses = throwing(noSuchQueue);

    const answer = await topic.publish({ Records: recordsOf(a1) });

    expect(answer).toEqual(all);
    expect(topic.parking.events).toEqual([a1.id]);
    expect(topic.standIn.countOf('ListQueues')).toBe(2);
  });
});
