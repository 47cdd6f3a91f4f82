import { OrderShipped } from '@orderly/contracts';
import { orderEvent, streamRecord } from './records.ts';
import { accessDenied } from './sqs-stand-in.ts';
import {
  all,
  bodyOf,
  forNow,
  from,
  ids,
  newPublisher,
  permanently,
  prefix,
  refusing,
  topicUnderTest,
} from './topic-under-test.ts';

const topic = topicUnderTest();
const [a1, a2, b1, c1] = [orderEvent('A'), orderEvent('A'), orderEvent('B'), orderEvent('C')];

describe('publishing', () => {
  it('sends every event of every new image, as it is, to every subscription', async () => {
    const first = topic.standIn.create(`${prefix}first.fifo`);
    const second = topic.standIn.create(`${prefix}second`);

    const answer = await topic.publish({ Records: [streamRecord('1', a1, a2), streamRecord('2', b1)] });

    expect(answer).toEqual(all);
    expect([...first.events].toSorted()).toEqual(ids(a1, a2, b1).toSorted());
    expect([...second.events].toSorted()).toEqual(ids(a1, a2, b1).toSorted());
    expect(first.received.map(bodyOf)).toContainEqual(a1);
  });

  it('groups by aggregate and deduplicates by event', async () => {
    const queue = topic.standIn.create(`${prefix}first.fifo`);

    await topic.publish({ Records: [streamRecord('1', a1)] });

    expect(queue.received).toMatchObject([{ MessageGroupId: 'A', MessageDeduplicationId: a1.id }]);
  });

  it('sends a subscription only the events that its tag names', async () => {
    const shipped = orderEvent('A', { type: OrderShipped.type });
    const queue = topic.standIn.create(`${prefix}shipping.fifo`, { 'orderly:events': 'OrderShipped' });

    await topic.publish({ Records: [streamRecord('1', a1, shipped)] });

    expect(queue.events).toEqual([shipped.id]);
  });

  it('sends to the queues of other accounts that the service is told of', async () => {
    const theirs = topic.standIn.create('theirs.fifo');
    process.env.EXTRA_SUBSCRIPTIONS = theirs.url;

    await newPublisher()({ Records: [streamRecord('1', a1)] });

    expect(theirs.events).toEqual([a1.id]);
  });

  it('asks SQS nothing when there is nothing to publish', async () => {
    const { dynamodb, ...removed } = streamRecord('1');

    const answer = await topic.publish({
      Records: [removed, { dynamodb: { ...dynamodb, NewImage: { pk: { S: 'x' } } } }],
    });

    expect(answer).toEqual(all);
    expect(topic.standIn.calls).toEqual([]);
  });

  it('is done when there are no subscribers', async () => {
    expect(await topic.publish({ Records: [streamRecord('1', a1)] })).toEqual(all);
    expect(topic.standIn.countOf('SendMessageBatch')).toBe(0);
  });

  it('sends more than 10 events, and more than 256 KiB, in several requests', async () => {
    const queue = topic.standIn.create(`${prefix}first.fifo`);
    const many = Array.from({ length: 23 }, (_, index) => orderEvent(`order ${index}`));
    const large = ['X', 'Y', 'Z'].map((subject) => orderEvent(subject, { data: 'x'.repeat(100_000) }));

    await topic.publish({
      Records: [...many, ...large].map((event, index) => streamRecord(String(index), event)),
    });

    expect(new Set(queue.events)).toEqual(new Set(ids(...many, ...large)));
    expect(queue.batches.map((batch) => batch.length).toSorted()).toEqual([1, 10, 10, 5]);
  });

  it('looks subscriptions up once, while they are good', async () => {
    topic.standIn.create(`${prefix}first.fifo`);

    await topic.publish({ Records: [streamRecord('1', a1)] });
    await topic.publish({ Records: [streamRecord('2', a2)] });

    expect(topic.standIn.countOf('ListQueues')).toBe(1);
  });

  it('fails as a whole when it cannot find out who subscribes', async () => {
    topic.standIn.listFault = accessDenied;

    await expect(topic.publish({ Records: [streamRecord('1', a1)] })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

describe('order within an aggregate', () => {
  it('is kept: an event is sent only after the one before it was taken', async () => {
    const queue = topic.standIn.create(`${prefix}first.fifo`);

    await topic.publish({ Records: [streamRecord('1', a1), streamRecord('2', b1), streamRecord('3', a2)] });

    expect(queue.batches.map((batch) => batch.map((entry) => bodyOf(entry).id))).toEqual([
      ids(a1, b1),
      ids(a2),
    ]);
  });

  it('is kept when an event fails: the later ones of its aggregate wait, others go out', async () => {
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

  it('goes on behind an event that is refused for good', async () => {
    const queue = topic.standIn.create(`${prefix}first.fifo`);
    queue.refuses = refusing(a1, permanently);

    const answer = await topic.publish({ Records: [streamRecord('1', a1, a2)] });

    expect(answer).toEqual(all);
    expect(queue.events).toEqual([a2.id]);
    expect(topic.parking.events).toEqual([a1.id]);
  });
});
