import { orderChanges } from './order-changes.ts';
import { streamRecord } from './records.ts';
import { all, ids, prefix, topicUnderTest } from './topic-under-test.ts';

const topic = topicUnderTest();

/** As in the event source of the publishers. */
const recordsPerBatch = 100;

describe('under load, the requests per event', () => {
  const events = orderChanges(400);

  it.each([1, 3, 10])('to %d subscriptions are at most a fifth more than full requests', async (count) => {
    const queues = Array.from({ length: count }, (_, index) =>
      topic.standIn.create(`${prefix}${index}.fifo`),
    );

    for (let from = 0; from < events.length; from += recordsPerBatch) {
      const batch = events.slice(from, from + recordsPerBatch);
      const Records = batch.map((event, index) => streamRecord(String(from + index), event));
      expect(await topic.publish({ Records })).toEqual(all);
    }

    expect(topic.standIn.countOf('SendMessageBatch') / events.length).toBeLessThanOrEqual((count / 10) * 1.2);
    expect(topic.parking.received).toEqual([]);
    for (const queue of queues) expect(queue.events.toSorted()).toEqual(ids(...events).toSorted());
  });
});
