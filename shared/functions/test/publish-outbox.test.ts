import { OrderShipped } from '@orderly/contracts';
import { orderEvent, streamRecord } from './records.ts';
import {
  all,
  bodyOf,
  forNow,
  from,
  ids,
  newPublisher,
  prefix,
  recordsOf,
  refusing,
  topicUnderTest,
} from './topic-under-test.ts';

const topic = topicUnderTest();
const [a1, a2, b1, c1] = [orderEvent('A'), orderEvent('A'), orderEvent('B'), orderEvent('C')];

describe('the publisher', () => {
  it('sends every event of every new image, as it is, to every subscription', async () => {
    const first = topic.standIn.create(`${prefix}first.fifo`);
    const second = topic.standIn.create(`${prefix}second`);

    const answer = await topic.publish({ Records: [streamRecord('1', a1, a2), streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect([...first.events].toSorted()).toEqual(ids(a1, a2, b1).toSorted());
    expect([...second.events].toSorted()).toEqual(ids(a1, a2, b1).toSorted());
    expect(first.received.map(bodyOf)).toContainEqual(a1);
  });

  it('sends a subscription only the events that its tag selects', async () => {
    const shipped = orderEvent('A', { type: OrderShipped.type });
    const queue = topic.standIn.create(`${prefix}shipping.fifo`, { 'orderly:events': 'OrderShipped' });

    await topic.publish({ Records: [streamRecord('1', a1, shipped)] });

    expect(queue.events).toEqual([shipped.id]);
  });

  it('sends to the queues of other accounts in EXTRA_SUBSCRIPTIONS', async () => {
    const theirs = topic.standIn.create('theirs.fifo');
    process.env.EXTRA_SUBSCRIPTIONS = theirs.url;

    await newPublisher()({ Records: recordsOf(a1) });

    expect(theirs.events).toEqual([a1.id]);
  });

  it('calls SQS for no record without events', async () => {
    const { dynamodb, ...removed } = streamRecord('1');

    const answer = await topic.publish({
      Records: [removed, { dynamodb: { ...dynamodb, NewImage: { pk: { S: 'x' } } } }],
    });

    expect(answer).toEqual(all);
    expect(topic.standIn.calls).toEqual([]);
  });

  it('succeeds without subscribers', async () => {
    expect(await topic.publish({ Records: recordsOf(a1) })).toEqual(all);
    expect(topic.standIn.countOf('SendMessageBatch')).toBe(0);
  });
});

describe('order within an aggregate', () => {
  it('is kept when an event fails: the later ones of its aggregate wait, others are sent', async () => {
    const queue = topic.standIn.create(`${prefix}first.fifo`);
    queue.refuses = refusing(a1, forNow);
    const a3 = orderEvent('A');

    const answer = await topic.publish({
      Records: [
        streamRecord('1', b1),
        streamRecord('2', a1, a2),
        streamRecord('3', c1),
        streamRecord('4', a3),
      ],
    });

    expect(answer).toEqual(from('2'));
    expect(queue.events).toEqual(ids(b1, c1));
  });
});
