import { eventName } from '@orderly/contracts';
import type { QueueDetail, QueueState } from '../api.ts';
import type { Recorder } from '../history/recorder.ts';
import type { CloudPlatform, CloudQueue } from '../platform.ts';
import type { DeadLetters } from './dead-letters.ts';

/** The subscriptions of a cloud's broker, each with the queue of its dead letters. */
export const cloudQueues = (
  queues: readonly CloudQueue[],
  recorder: Pick<Recorder, 'sentLastMinute'>,
  now = Date.now(),
): readonly QueueState[] =>
  queues.flatMap((queue): readonly QueueState[] => {
    const { name, deadLetterQueue, topic, consumer, eventTypes, maxReceiveCount } = queue;
    const common = { topic, consumer, ours: true, delayed: 0 };
    const { waiting, inFlight } = queue;
    const ageOf = (at: number | undefined) => (at === undefined ? {} : { oldestAge: Math.max(0, now - at) });
    return [
      {
        ...{ name, kind: 'subscription', ...common, waiting, inFlight, deadLetterQueue, maxReceiveCount },
        events: eventTypes.map(eventName),
        ...ageOf(queue.oldestAt),
        sentLastMinute: recorder.sentLastMinute(name, now),
      },
      {
        ...{ name: deadLetterQueue, kind: 'dead-letters', ...common, events: [] },
        ...{ waiting: queue.deadLetters, inFlight: 0 },
        ...ageOf(queue.oldestDeadLetterAt),
        sentLastMinute: recorder.sentLastMinute(deadLetterQueue, now),
      },
    ];
  });

/** One of them, with its messages or dead letters. */
export const cloudQueue = async (
  cloud: CloudPlatform,
  queue: QueueState,
  letters: DeadLetters,
): Promise<QueueDetail> => {
  const found = cloud.queues().find(({ name }) => name === queue.name);
  if (found === undefined)
    return { queue, attributes: {}, tags: {}, deadLetters: await letters.read(queue.name) };
  const attributes = {
    'event types': found.eventTypes.join(', '),
    'deliveries at most': String(found.maxReceiveCount),
  };
  return { queue, attributes, tags: {}, messages: cloud.messages(queue.name) };
};
