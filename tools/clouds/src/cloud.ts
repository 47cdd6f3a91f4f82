import type { CloudBroker } from '@orderly/local/platform';
import type { ServicePlan } from './service-plan.ts';

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
  /** Gets every message of every topic, as a further subscriber does that wants all: those of a subject in their order. */
  readonly onMessage?: OnMessage | undefined;
}

/** @param body as it was published */
export type OnMessage = (topic: string, body: string) => void;

/** A message that was received so often that the broker has put it aside. */
export interface CloudDeadLetter {
  readonly topic: string;
  /** The subscription's service. */
  readonly consumer: string;
  readonly messageId: string;
  readonly body: string;
}

/** A cloud on this machine: its broker, and the services on its own library. */
export interface RunningCloud {
  /** By name, as they are now. */
  readonly services: Readonly<Record<string, RunningService>>;
  /**
   * Kills the process of a service at once, in the middle of whatever it does, and starts it again at the same URL.
   *
   * @returns once it answers again
   * @throws Error when it does not start
   */
  restart(service: string): Promise<void>;
  readonly broker: CloudBroker;
  /** Puts a message into a topic, as a publisher does. @param subject orders it */
  publish(
    topic: string,
    message: { readonly subject: string; readonly type: string; readonly body: string },
  ): Promise<void>;
  deadLetters(): Promise<readonly CloudDeadLetter[]>;
  /** How many messages the services' subscriptions hold that are not handled yet, without dead letters. */
  waiting(): Promise<number>;
  /** While on, the broker takes and delivers nothing. */
  breakBroker(on: boolean): void;
  /** Has a service publish what it has left in its outbox, at once. */
  sweep(service: string): Promise<void>;
  stop(): Promise<void>;
}
