import { CreateQueueCommand, DeleteQueueCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { eventsTag } from '@orderly/functions/project';
import { type ReceivedEvent, Subscriber } from '../../../faults/src/subscriber.ts';

/** A subscription of the benchmark's own: a queue by its name, and whoever empties it. */
export interface OwnSubscription {
  /** Receives nothing more. */
  stop(): Promise<void>;
  /** Deletes the queue, too: no event is sent to it any more. */
  remove(): Promise<void>;
}

export interface SubscriptionOptions {
  readonly stage: string;
  readonly topic: string;
  readonly subscriber: string;
  /** The names of the events that it wants; all by default. */
  readonly events?: readonly string[];
  readonly onEvent?: (event: ReceivedEvent) => void;
}

/** Subscribes to a topic; a publisher that has looked for its subscriptions lately finds it a minute later. */
export async function subscribe(sqs: SQSClient, options: SubscriptionOptions): Promise<OwnSubscription> {
  const { stage, topic, subscriber: name, events = [], onEvent } = options;
  const { QueueUrl: url } = await sqs.send(
    new CreateQueueCommand({
      QueueName: `${stage}-${topic}--${name}`,
      ...(events.length > 0 && { tags: { [eventsTag]: events.join(' ') } }),
    }),
  );
  if (url === undefined) throw new Error(`SQS gave the queue of ${name} no URL`);
  const subscriber = new Subscriber(onEvent);
  subscriber.start(sqs, url);
  const stop = (): Promise<void> => subscriber.stop();
  const remove = async (): Promise<void> => {
    await stop();
    await sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  };
  return { stop, remove };
}
