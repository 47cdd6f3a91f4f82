import { LambdaApi } from './invoke.ts';
import type { Mappings } from './mapping.ts';
import { SqsSource } from './sqs-source.ts';
import { type StreamContext, StreamSource } from './stream-source.ts';
import { Wake } from './wake.ts';

export interface EventSources {
  /** Before serverless-offline replaces its workers: waits for running functions, holds back new ones. */
  pause(): Promise<void>;
  /** After that. */
  resume(): void;
  /** Tells that a function has ended that was not invoked from here: the tables may have changed. */
  wake(): void;
  /** Lets running functions finish for some seconds, gives back the rest, and stops polling. */
  stop(): Promise<void>;
}

const FINISH_MS = 4_000;
const RELOAD_MS = 10_000;

/**
 * Connects queues and streams to the functions behind a Lambda API.
 * @param lambdaEndpoint e.g. `http://127.0.0.1:3101`
 * @throws when a queue or stream does not exist
 */
export const startEventSources = async (
  mappings: Mappings,
  lambdaEndpoint: string,
  context: Omit<StreamContext, 'invoke' | 'wake'>,
): Promise<EventSources> => {
  const wake = new Wake();
  const api = new LambdaApi(lambdaEndpoint, wake.up);
  const full = { ...context, wake, invoke: api.invoke };
  const sources = [
    ...mappings.sqs.map((mapping) => new SqsSource(mapping, full)),
    ...mappings.streams.map((mapping) => new StreamSource(mapping, full)),
  ];
  const stop = async (): Promise<void> => {
    await Promise.all([api.stop(FINISH_MS), ...sources.map((source) => source.stop())]);
  };
  try {
    await Promise.all(sources.map((source) => source.start()));
  } catch (error) {
    await stop();
    throw error;
  }
  return { pause: () => api.pause(RELOAD_MS), resume: () => api.resume(), wake: wake.up, stop };
};
