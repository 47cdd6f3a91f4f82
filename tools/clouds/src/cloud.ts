import type { MessageChange } from '@orderly/aws/sqs/observation';
import type { CloudBroker } from '@orderly/local/platform';
import type { ServicePlan } from './service-plan.ts';

/** What a queue of a subscription is called, and that of its dead letters: as on AWS, but for the ending. */
export const queueName = (stage: string, topic: string, consumer: string): string =>
  `${stage}-${topic}--${consumer}`;
export const deadLetterQueueName = (stage: string, topic: string, consumer: string): string =>
  `${stage}-dlq--${topic}--${consumer}`;

/** A service that runs on a cloud's own library. */
export interface RunningService {
  readonly url: string;
  readonly pid: number;
  /** Resolves with how its process ended. */
  readonly ended: Promise<string>;
}

/** What a cloud is started with. */
export interface CloudOptions {
  readonly plans: readonly ServicePlan[];
  /** The file with a service's functions. */
  bundleOf(service: string): string;
  /** The whole environment of a service's functions, but for what the cloud adds. */
  environmentOf(service: string): Readonly<Record<string, string>>;
  /** The port of a service's API; 0 for any free one. */
  portOf(service: string): number;
  /** Gets each line that the functions of a service print. */
  readonly onLine: (service: string, line: string) => void;
  readonly watch?: CloudWatch;
}

/** Gets what happens, at once. */
export interface CloudWatch {
  /** A topic has taken a message, whether anybody subscribes to it or not: those of a subject in their order. */
  published(body: string, topic: string): void;
  /** Something has happened to a message of a subscription. */
  message(change: CloudMessageChange): void;
  invocation(run: CloudInvocation): void;
}

/** `queue` is a `CloudQueue`'s name. */
export type CloudMessageChange = Omit<MessageChange, 'attributes'>;

/** A function has run. */
export interface CloudInvocation {
  readonly service: string;
  /** The function's name in its serverless.yml. */
  readonly name: string;
  /** When it began, in milliseconds since the epoch. */
  readonly at: number;
  /** Milliseconds. */
  readonly duration: number;
  readonly outcome: 'ok' | 'error';
}

/** A subscription as the broker has it. */
export interface CloudQueue {
  /** See `queueName`. */
  readonly name: string;
  readonly deadLetterQueue: string;
  readonly topic: string;
  readonly consumer: string;
  /** The types of events that it takes. */
  readonly eventTypes: readonly string[];
  /** A message is dead-lettered when it has failed so often. */
  readonly maxReceiveCount: number;
  /** How many messages wait. */
  readonly waiting: number;
  readonly inFlight: number;
  /** When the oldest of those that wait came, in milliseconds since the epoch. */
  readonly oldestAt?: number;
  readonly deadLetters: number;
  /** When the oldest of them came, in milliseconds since the epoch; absent where there are none. */
  readonly oldestDeadLetterAt?: number;
}

/** A message that is not done. */
export interface CloudMessage {
  readonly messageId: string;
  /** What orders it: its session or ordering key. */
  readonly group?: string;
  readonly isOut: boolean;
  /** How often it has failed. */
  readonly failures: number;
  /** Milliseconds since the epoch. */
  readonly sentAt: number;
  readonly body: string;
}

/** A message that was received so often that the broker has put it aside. */
export interface CloudDeadLetter {
  readonly topic: string;
  /** The subscription's service. */
  readonly consumer: string;
  /** Unique in its queue of dead letters. */
  readonly messageId: string;
  readonly body: string;
  /** Why, in the broker's words. */
  readonly reason: string;
  /** When, in milliseconds since the epoch. */
  readonly failedAt: number;
  /** How often it was delivered. */
  readonly receives: number;
}

/** A cloud on this machine: its broker, and the services on its own library. */
export interface RunningCloud {
  /** Those that run now. */
  readonly services: Readonly<Record<string, RunningService>>;
  readonly broker: CloudBroker;
  /** Puts a message into a topic, as a publisher does. @param subject orders it */
  publish(
    topic: string,
    message: { readonly subject: string; readonly type: string; readonly body: string },
  ): Promise<void>;
  queues(): readonly CloudQueue[];
  /** The first 200 messages of a queue, the oldest first; none of one that there is not. */
  messages(queue: string): readonly CloudMessage[];
  deadLetters(): Promise<readonly CloudDeadLetter[]>;
  /**
   * Puts a dead letter back into its subscription, and into no other one, as if it had not been delivered yet. The broker
   * of a real cloud cannot do that: there, one publishes it again for everybody.
   *
   * @returns whether it was there
   */
  redrive(letter: Pick<CloudDeadLetter, 'topic' | 'consumer' | 'messageId'>): boolean;
  /** Removes a dead letter. @returns whether it was there */
  drop(letter: Pick<CloudDeadLetter, 'topic' | 'consumer' | 'messageId'>): boolean;
  /** Lets it finish what it does. */
  stopService(name: string): Promise<void>;
  /** Starts a service that has ended, at its former port. @throws Error for one that runs, or does not start */
  startService(name: string): Promise<RunningService>;
  /** While on, the broker takes and delivers nothing. */
  breakBroker(on: boolean): void;
  /** Has a service publish what it has left in its outbox, at once. */
  sweep(service: string): Promise<void>;
  stop(): Promise<void>;
}
