import type { DynamoDb } from '@orderly/aws/dynamodb/service';
import type { SqsService } from '@orderly/aws/sqs/service';
import type { Target } from '@orderly/cli/target';
import type { FunctionRow } from './api.ts';
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
  readonly faults: FaultSwitch;
  /** In this process; absent where others were given by their endpoints. */
  readonly aws?: { readonly dynamodb?: DynamoDb; readonly sqs?: SqsService };
  /** Where its services need tokens: who issues them. */
  readonly issuer?: string;
  services(): readonly LocalService[];
  /** @throws Error when it does not stop, or does not start again */
  stopService(name: string): Promise<void>;
  startService(name: string): Promise<void>;
}

export interface LocalService {
  readonly name: string;
  readonly url: string | undefined;
  readonly state: 'running' | 'starting' | 'stopped';
  readonly functions: readonly FunctionDescription[];
}

/** A function as its serverless.yml declares it. */
export type FunctionDescription = Pick<FunctionRow, 'name' | 'trigger' | 'memoryMb' | 'timeoutSeconds'>;
