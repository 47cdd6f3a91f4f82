import type { DynamoDb } from '@orderly/aws/dynamodb/service';
import type { SqsService } from '@orderly/aws/sqs/service';
import type { Target } from '@orderly/cli/target';
import type { FunctionRow, QueueMessage, TableRow } from './api.ts';
import type { FaultSwitch } from './faults.ts';
import type { Recorder } from './history/recorder.ts';

/** What the console looks at: the platform of this machine, or a stage on AWS. */
export interface Platform {
  readonly stage: string;
  readonly target: Target;
  /** Whether the page may change anything. */
  readonly canChange: boolean;
  /** Absent on AWS. */
  readonly local?: LocalPlatform;
}

export interface LocalPlatform {
  readonly recorder: Recorder;
  /** Absent where nothing can be made to fail. */
  readonly faults?: FaultSwitch;
  /** In this process; absent where others were given by their endpoints. */
  readonly aws?: { readonly dynamodb?: DynamoDb; readonly sqs?: SqsService };
  /** On another cloud's libraries, instead of `aws`. */
  readonly cloud?: CloudPlatform;
  /** Where its services need tokens: who issues them. */
  readonly issuer?: string;
  services(): readonly LocalService[];
  /** @throws Error when it does not stop, or does not start again */
  stopService(name: string): Promise<void>;
  startService(name: string): Promise<void>;
}

/** The broker and the databases of a platform on another cloud's libraries. */
export interface CloudPlatform {
  /** For people, e.g. `Azure`. */
  readonly name: string;
  queues(): readonly CloudQueue[];
  /** The first messages of a queue, the oldest first. */
  messages(queue: string): readonly QueueMessage[];
  /** Of all queues. */
  deadLetters(): Promise<readonly CloudDeadLetter[]>;
  /** Puts a dead letter back into its subscription alone. @returns whether it was there */
  redrive(letter: CloudDeadLetterId): boolean;
  /** Removes a dead letter. @returns whether it was there */
  drop(letter: CloudDeadLetterId): boolean;
  tables(): Promise<readonly TableRow[]>;
  /** @returns undefined for a table or index that there is not */
  items(table: string, request: CloudItemsRequest): Promise<CloudItemPage | undefined>;
}

/** A subscription as the broker has it. */
export interface CloudQueue {
  readonly name: string;
  readonly deadLetterQueue: string;
  readonly topic: string;
  readonly consumer: string;
  readonly eventTypes: readonly string[];
  readonly maxReceiveCount: number;
  readonly waiting: number;
  readonly inFlight: number;
  /** When the oldest of those that wait came, in milliseconds since the epoch. */
  readonly oldestAt?: number;
  readonly deadLetters: number;
  /** When the oldest of them came, in milliseconds since the epoch; absent where there are none. */
  readonly oldestDeadLetterAt?: number;
}

export interface CloudDeadLetterId {
  readonly topic: string;
  /** The subscription's service. */
  readonly consumer: string;
  readonly messageId: string;
}

export interface CloudDeadLetter extends CloudDeadLetterId {
  readonly body: string;
  /** Why, in the broker's words. */
  readonly reason: string;
  /** Milliseconds since the epoch. */
  readonly failedAt: number;
  readonly receives: number;
}

export interface CloudItemsRequest {
  readonly index?: string | undefined;
  readonly partition?: string | undefined;
  /** How the second attribute of the key or index begins. */
  readonly sort?: string | undefined;
  readonly after?: Readonly<Record<string, string>> | undefined;
  /** Items, at most. */
  readonly limit: number;
}

export interface CloudItemPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  readonly next?: Readonly<Record<string, string>>;
}

export interface LocalService {
  readonly name: string;
  readonly url: string | undefined;
  readonly state: 'running' | 'starting' | 'stopped';
  readonly functions: readonly FunctionDescription[];
}

/** A function as its serverless.yml declares it. */
export type FunctionDescription = Pick<FunctionRow, 'name' | 'trigger' | 'memoryMb' | 'timeoutSeconds'>;
