import type { QueueSummary } from '@orderly/aws/sqs/peek';
import { topics } from '@orderly/cli/replay/topic-source';
import type { Topology } from '@orderly/cli/topology/topology';
import { eventsTag } from '@orderly/functions/project';
import type { QueueState } from '../api.ts';
import { readQueueName } from '../history/queue-name.ts';
import type { LocalPlatform } from '../platform.ts';

const FIELD_SEPARATOR = /\s+/;

/** The queues of a stage as the embedded SQS has them. */
export const localQueues = (
  stage: string,
  queues: readonly QueueSummary[],
  { recorder, services }: Pick<LocalPlatform, 'recorder' | 'services'>,
  now = Date.now(),
): readonly QueueState[] => {
  const ours = new Set(services().map(({ name }) => name));
  return queues.map((queue) => {
    const parts = readQueueName(stage, queue.name, topics);
    const words = queue.tags.get(eventsTag)?.split(FIELD_SEPARATOR).filter(Boolean) ?? [];
    return {
      name: queue.name,
      ...parts,
      ours: parts.consumer === undefined || ours.has(parts.consumer),
      events: words.includes('all') ? [] : words,
      waiting: queue.visible,
      inFlight: queue.inFlight,
      delayed: queue.delayed,
      ...(queue.oldestSentAt !== undefined && { oldestAge: Math.max(0, now - queue.oldestSentAt) }),
      ...(queue.deadLetterQueue !== undefined && { deadLetterQueue: queue.deadLetterQueue }),
      ...(queue.maxReceiveCount !== undefined && { maxReceiveCount: queue.maxReceiveCount }),
      visibilityTimeout: queue.visibilitySeconds,
      sentLastMinute: recorder.sentLastMinute(queue.name, now),
    };
  });
};

/** The same from the CLI's topology, which asks SQS itself. */
export const remoteQueues = (
  { stage, topics: found, wakeUps }: Topology,
  ours: ReadonlySet<string>,
): readonly QueueState[] => {
  const plain = { ours: true, events: [], inFlight: 0, delayed: 0, sentLastMinute: 0 };
  const counted = (name: string, waiting: number | null): QueueState[] =>
    waiting === null ? [] : [{ ...plain, name, ...readQueueName(stage, name, topics), waiting }];
  const ofTopics = found.flatMap(({ topic, subscriptions, parked, streamFailures }) => {
    return [
      ...subscriptions.flatMap(({ queue, consumer, events, visible, inFlight, delayed, ...rest }) => {
        const deadLetterQueue = `${stage}-dlq--${queue.slice(stage.length + 1)}`;
        return [
          {
            ...{ name: queue, kind: 'subscription' as const, topic, consumer, ours: ours.has(consumer) },
            ...{ events, waiting: visible, inFlight, delayed, sentLastMinute: 0 },
            ...(rest.oldestAge !== null && { oldestAge: rest.oldestAge * 1000 }),
            ...(rest.deadLetters !== null && { deadLetterQueue }),
          },
          ...counted(deadLetterQueue, rest.deadLetters),
        ];
      }),
      ...counted(`${stage}-dlq--${topic}.fifo`, parked),
      ...counted(`${stage}-dlq--${topic}--stream`, streamFailures),
    ];
  });
  const ofServices = wakeUps.flatMap(
    ({ queue, service, visible, inFlight, delayed, oldestAge, deadLetters }) => {
      const deadLetterQueue = `${stage}-dlq--${queue.slice(stage.length + 1)}`;
      return [
        {
          ...plain,
          ...{
            name: queue,
            kind: 'wake-ups' as const,
            consumer: service,
            waiting: visible,
            inFlight,
            delayed,
          },
          ...(oldestAge !== null && { oldestAge: oldestAge * 1000 }),
          deadLetterQueue,
        },
        ...counted(deadLetterQueue, deadLetters),
      ];
    },
  );
  return [...ofTopics, ...ofServices];
};
