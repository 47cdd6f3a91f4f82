import type { CloudEvent } from '@orderly/contracts';
import { log } from '../src/observability/log.ts';
import { orderEvent, streamRecord } from './records.ts';
import { Fault, type Queue, unavailable } from './sqs-stand-in.ts';
import { all, forNow, from, ids, prefix, refusing, throwing, topicUnderTest } from './topic-under-test.ts';

const topic = topicUnderTest();
const [a1, b1, c1] = [orderEvent('A'), orderEvent('B'), orderEvent('C')];
let broken: Queue;
let healthy: Queue;
let now: number;

beforeEach(() => {
  now = 1_000_000;
  jest.spyOn(Date, 'now').mockImplementation(() => now);
  broken = topic.standIn.create(`${prefix}broken.fifo`);
  healthy = topic.standIn.create(`${prefix}healthy.fifo`);
});

let records = 0;
const record = (...events: readonly CloudEvent[]) => {
  records += 1;
  return streamRecord(String(records), ...events);
};

/** Retries the same records for so long, as Lambda does. */
async function retryFor(ms: number, Records: ReturnType<typeof record>[]) {
  const until = now + ms;
  let answer = await topic.publish({ Records });
  while (now < until) {
    now += 5_000;
    answer = await topic.publish({ Records });
  }
  return answer;
}

describe('a retry', () => {
  it('repeats nothing to subscriptions that have an event', async () => {
    const Records = [record(a1), record(b1), record(c1)];
    broken.refuses = refusing(b1, forNow);
    await topic.publish({ Records });
    await topic.publish({ Records: Records.slice(1) });
    broken.refuses = () => false;

    const answer = await topic.publish({ Records: Records.slice(1) });

    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1, c1));
    expect(broken.events).toEqual(ids(a1, c1, b1));
  });

  it('sends later events to the other subscriptions', async () => {
    const first = record(a1);
    broken.refuses = throwing(unavailable);
    await topic.publish({ Records: [first] });

    const answer = await topic.publish({ Records: [first, record(b1), record(c1)] });

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(healthy.events).toEqual(ids(a1, b1, c1));
  });

  it('sends its events to a new subscription', async () => {
    const Records = [record(a1)];
    broken.refuses = throwing(unavailable);
    await topic.publish({ Records });
    const late = topic.standIn.create(`${prefix}late.fifo`);
    now += 60_000;

    await topic.publish({ Records });

    expect(late.events).toEqual([a1.id]);
  });
});

describe('a subscription that has accepted nothing for a minute', () => {
  it('stops the others no longer: its events are parked, in order', async () => {
    const a2 = orderEvent('A');
    const Records = [record(a1), record(b1), record(a2)];
    broken.refuses = throwing(unavailable);

    const before = await retryFor(55_000, Records);
    const parkedBefore = topic.parking.events;
    now += 5_000;
    const after = await topic.publish({ Records });

    expect(before.batchItemFailures).toHaveLength(1);
    expect(parkedBefore).toEqual([]);
    expect(after).toEqual(all);
    expect(topic.parking.events.filter((id) => id !== b1.id)).toEqual(ids(a1, a2));
    expect(topic.parking.received[0]?.MessageAttributes).toMatchObject({
      target: { StringValue: broken.url },
      reason: {
        StringValue: expect.stringMatching(/^It has taken nothing for a minute: ServiceUnavailable/),
      },
    });
    expect(healthy.events.toSorted()).toEqual(ids(a1, b1, a2).toSorted());
  });

  it('stops the others for no second minute when its events could not be parked at once', async () => {
    const Records = [record(a1)];
    for (const queue of [broken, topic.parking]) queue.refuses = throwing(unavailable);
    const before = await retryFor(60_000, Records);
    topic.parking.refuses = () => false;

    const after = await topic.publish({ Records });

    expect(before.batchItemFailures).toHaveLength(1);
    expect(after).toEqual(all);
    expect(topic.parking.events).toEqual(ids(a1));
  });

  it('is only probed now and then, and receives all events once it accepts one', async () => {
    broken.refuses = throwing(unavailable);
    await retryFor(60_000, [record(a1)]);
    const tried = broken.batches.length;

    now += 1_000;
    await topic.publish({ Records: [record(b1)] });
    const triedAtOnce = broken.batches.length;
    broken.refuses = () => false;
    now += 5_000;
    const answer = await topic.publish({ Records: [record(c1), record(orderEvent('C'))] });

    expect(triedAtOnce).toBe(tried);
    expect(answer).toEqual(all);
    expect(topic.parking.events).toEqual(ids(a1, b1));
    expect(broken.events).toHaveLength(2);
    expect(healthy.events).toHaveLength(4);
  });
});

describe('a subscription is not failing', () => {
  it('while it accepts some events: it receives all in order, and the others receive all once', async () => {
    const events = Array.from({ length: 40 }, (_, index) => orderEvent(`order ${index % 8}`));
    let Records = events.map((event) => record(event));
    broken.refuses = () => broken.received.length % 3 === 2 && ++broken.refused % 4 !== 0 && forNow;

    while (Records.length > 0) {
      now += 20_000;
      const { batchItemFailures } = await topic.publish({ Records });
      const [failure] = batchItemFailures;
      Records = Records.filter(
        ({ dynamodb }) =>
          failure !== undefined && Number(dynamodb?.SequenceNumber) >= Number(failure.itemIdentifier),
      );
    }

    expect(topic.parking.events).toEqual([]);
    expect(healthy.events.toSorted()).toEqual(ids(...events).toSorted());
    expect(broken.events.toSorted()).toEqual(ids(...events).toSorted());
    for (let group = 0; group < 8; group++) {
      const ofGroup = ids(...events.filter(({ subject }) => subject === `order ${group}`));
      expect(broken.events.filter((id) => id !== undefined && ofGroup.includes(id))).toEqual(ofGroup);
    }
  });

  it('after a failure long ago', async () => {
    broken.refuses = throwing(unavailable);
    await topic.publish({ Records: [record(a1)] });
    now += 3_600_000;

    const answer = await topic.publish({ Records: [record(b1)] });

    expect(answer.batchItemFailures).toHaveLength(1);
    expect(topic.parking.events).toEqual([]);
  });

  it('while no queue can be reached: an outage of the publisher parks nothing of its backlog', async () => {
    const Records = [record(a1), record(b1)];
    for (const queue of [broken, healthy, topic.parking]) queue.refuses = throwing(unavailable);
    await retryFor(600_000, Records);
    for (const queue of [broken, healthy, topic.parking]) queue.refuses = () => false;
    // At once: no probe is due.
    const answer = await topic.publish({ Records });

    expect(answer).toEqual(all);
    expect(topic.parking.events).toEqual([]);
    expect(healthy.events).toEqual(ids(a1, b1));
    expect(broken.events).toEqual(ids(a1, b1));
  });

  it('because its events are old', async () => {
    const old = orderEvent('D', { time: '2020-01-01T00:00:00.000Z' });
    broken.refuses = throwing(unavailable);

    const answer = await topic.publish({ Records: [record(old)] });

    expect(answer).toEqual(from(String(records)));
    expect(topic.parking.events).toEqual([]);
  });
});

it('a probe that hangs delays the others for a second', async () => {
  broken.refuses = throwing(unavailable);
  await retryFor(60_000, [record(a1)]);
  topic.standIn.hangs = broken.url;
  now += 5_000;
  const begun = performance.now();

  const answer = await topic.publish({ Records: [record(b1)] });

  expect(answer).toEqual(all);
  expect(performance.now() - begun).toBeLessThan(4_000);
  expect(topic.parking.events).toEqual(ids(a1, b1));
});

describe('an event whose content no queue accepts', () => {
  const emoji = orderEvent('Ü🎁', { data: '🎁' });
  const contentFault = { Code: 'InvalidMessageContents', Message: 'not allowed', SenderFault: true };

  it('stops neither its shard nor other events: a reference to it is parked', async () => {
    for (const queue of [broken, healthy, topic.parking]) queue.refuses = noEmoji;
    const logged = jest.spyOn(log, 'error');

    const answer = await topic.publish({ Records: [record(a1), record(emoji), record(b1)] });

    const sequenceNumber = String(records - 1);
    expect(answer).toEqual(all);
    expect(healthy.events).toEqual(ids(a1, b1));
    const references = topic.parking.received.map(({ MessageBody = '' }) => JSON.parse(MessageBody));
    const reference = { item: { pk: 'ORDER#1' }, eventId: emoji.id, sequenceNumber, index: 0 };
    expect(references).toEqual([reference, reference]);
    expect(
      topic.parking.received.map(({ MessageAttributes }) => MessageAttributes?.target?.StringValue),
    ).toEqual(expect.arrayContaining([broken.url, healthy.url]));
    expect(logged).toHaveBeenCalledWith(
      'An event was refused and parked',
      expect.objectContaining({ event_id: emoji.id, target: broken.url }),
    );

    function noEmoji({ MessageBody = '', MessageGroupId = '' }) {
      return /[^\x20-\x7e]/.test(MessageBody + MessageGroupId) && contentFault;
    }
  });

  it('is found where SQS refuses the whole request because of it', async () => {
    broken.refuses = ({ MessageBody = '' }) => {
      if (MessageBody.includes('🎁')) throw new Fault(400, 'InvalidMessageContents');
      return false;
    };

    await topic.publish({ Records: [record(a1), record(emoji), record(b1)] });

    expect(broken.events.toSorted()).toEqual(ids(a1, b1).toSorted());
    expect(topic.parking.events).toEqual([emoji.id]);
  });

  it('is parked even if it has no id and no body', async () => {
    const NewImage = { outbox: { M: { subject: { S: 'A' }, events: { L: [{ M: {} }] } } } };
    const Keys = { pk: { S: 'ORDER#1' }, sk: { S: 'ü' } };
    for (const queue of [broken, healthy, topic.parking])
      queue.refuses = ({ MessageBody }) => MessageBody === '' && contentFault;

    const answer = await topic.publish({ Records: [{ dynamodb: { SequenceNumber: '7', Keys, NewImage } }] });

    expect(answer).toEqual(all);
    expect(JSON.parse(topic.parking.received[0]?.MessageBody ?? '').item).toEqual({ pk: 'ORDER#1', sk: 'ü' });
    expect(new Set(topic.parking.received.map((entry) => entry.MessageDeduplicationId)).size).toBe(2);
  });
});
