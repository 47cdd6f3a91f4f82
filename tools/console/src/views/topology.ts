import type { Session } from '@orderly/cli/session';
import { readTopology } from '@orderly/cli/topology/topology';
import type { Topology } from '../api.ts';

/** Topics with their publishers and subscriptions, and what is stuck. @throws Failure for a stage that is not there */
export const readGraph = async (session: Session): Promise<Topology> => {
  const { stage, topics } = await readTopology(session);
  return {
    topics: topics.map(({ topic, publisher, subscriptions, parked, streamFailures }) => ({
      topic,
      ...(publisher !== null && { publisher }),
      subscriptions: subscriptions.map(({ queue }) => queue),
      ...(parked !== null && { parkedQueue: `${stage}-dlq--${topic}.fifo` }),
      ...(streamFailures !== null && { streamFailuresQueue: `${stage}-dlq--${topic}--stream` }),
    })),
    stuck: topics.flatMap(({ stuck }) => stuck),
  };
};
