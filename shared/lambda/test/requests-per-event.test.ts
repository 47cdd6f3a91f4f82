import type { CloudEvent } from '@orderly/contracts';
import { orderEvent, streamRecord } from './records.ts';
import { all, ids, prefix, topicUnderTest } from './topic-under-test.ts';

const topic = topicUnderTest();

const recordsPerBatch = 100;
/** How many changes of other orders lie between two changes of an order, about. */
const apart = 20;

/** The changes of orders that have one, two and three of them, in the order in which a table's stream has them. */
function changes(count: number): readonly CloudEvent[] {
  return Array.from({ length: count }, (_, order) =>
    Array.from({ length: 1 + (order % 3) }, (_unused, change) => ({
      at: 2 * order + apart * change,
      event: orderEvent(`order ${order}`, { sequence: change + 1 }),
    })),
  )
    .flat()
    .toSorted((one, other) => one.at - other.at)
    .map(({ event }) => event)
    .slice(0, count);
}

describe('requests per event, under load', () => {
  const events = changes(1_000);

  it.each([1, 3, 10])('of %d subscriptions are at most a fifth more than full requests', async (count) => {
    const queues = Array.from({ length: count }, (_, index) =>
      topic.standIn.create(`${prefix}${index}.fifo`),
    );

    for (let from = 0; from < events.length; from += recordsPerBatch) {
      const batch = events.slice(from, from + recordsPerBatch);
      const Records = batch.map((event, index) => streamRecord(String(from + index), event));
      expect(await topic.publish({ Records })).toEqual(all);
    }

    expect(topic.standIn.countOf('SendMessageBatch') / events.length).toBeLessThanOrEqual((count / 10) * 1.2);
    for (const queue of queues) expect(queue.events.toSorted()).toEqual(ids(...events).toSorted());
  });
});
