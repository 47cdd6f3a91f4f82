import { eventName } from '@orderly/contracts';
import type { QueueDetail, QueueState } from '../api.ts';
import type { Recorder } from '../history/recorder.ts';
import type { CloudPlatform, CloudQueue } from '../platform.ts';
import type { DeadLetters } from './dead-letters.ts';

const MESSAGES = 200;

/** The subscriptions of a cloud's broker, each with the queue of its dead letters. */
export const cloudQueues = (
  queues: readonly CloudQueue[],
  recorder: Pick<Recorder, 'sentLastMinute'>,
  now = Date.now(),
): readonly QueueState[] =>
  queues.flatMap((queue): readonly QueueState[] => {
    const { name, deadLetterQueue, topic, consumer, eventTypes, maxReceiveCount, messages } = queue;
    const common = { topic, consumer, ours: true, delayed: 0 };
    const inFlight = messages.filter(({ state }) => state === 'in-flight').length;
    const [oldest] = messages.filter(({ state }) => state === 'waiting');
    return [
      {
        ...{ name, kind: 'subscription', ...common, inFlight, deadLetterQueue, maxReceiveCount },
        events: eventTypes.map(eventName),
        waiting: messages.length - inFlight,
        ...(oldest !== undefined && { oldestAge: Math.max(0, now - oldest.sentAt) }),
        sentLastMinute: recorder.sentLastMinute(name, now),
      },
      {
        ...{ name: deadLetterQueue, kind: 'dead-letters', ...common, events: [] },
        ...{ waiting: queue.deadLetters, inFlight: 0 },
        ...(queue.oldestDeadLetterAt !== undefined && {
          oldestAge: Math.max(0, now - queue.oldestDeadLetterAt),
        }),
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
  return { queue, attributes, tags: {}, messages: found.messages.slice(0, MESSAGES) };
};
