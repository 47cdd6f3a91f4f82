import type { EventSourceContext } from './context.ts';
import type { Mappings } from './mapping.ts';
import { SqsSource } from './sqs-source.ts';
import { StreamSource } from './stream-source.ts';

export type { EventSourceContext } from './context.ts';
export type { Invocation, Invoke } from './invocation.ts';
export { Wake } from './wake.ts';

export interface EventSources {
  /**
   * Reads nothing more; resolves when all that was read is processed, or given back. Invocations that cannot end must
   * be answered with `stopped` by the runner of the functions.
   */
  stop(): Promise<void>;
}

/**
 * Connects queues and streams to functions, as Lambda's event source mappings do.
 * @throws when a queue or stream does not exist
 */
export const startEventSources = async (
  mappings: Mappings,
  context: EventSourceContext,
): Promise<EventSources> => {
  const sources = [
    ...mappings.sqs.map((mapping) => new SqsSource(mapping, context)),
    ...mappings.streams.map((mapping) => new StreamSource(mapping, context)),
  ];
  const stop = async (): Promise<void> => {
    await Promise.all(sources.map((source) => source.stop()));
  };
  try {
    await Promise.all(sources.map((source) => source.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { stop };
};
