import { createRequire } from 'node:module';
import type { QueueMessage } from '@orderly/console/api';
import type { Recorder } from '@orderly/console/history/recorder';
import type { CloudPlatform, FunctionDescription } from '@orderly/console/platform';
import type { CloudBroker, PlatformRecord } from './platform-record.ts';
import type { InvocationReport } from './service-messages.ts';

// What tools/clouds exports: it stands on this package, and is loaded only when it is asked for.

export type CloudName = NonNullable<PlatformRecord['cloud']>;

export interface RunningService {
  readonly url: string;
  readonly pid: number;
  /** Resolves with how its process ended. */
  readonly ended: Promise<string>;
}

/** A platform on another cloud's libraries. */
export interface RunningCloud
  extends Pick<CloudPlatform, 'queues' | 'deadLetters' | 'redrive' | 'drop' | 'tables' | 'items'> {
  /** Those that run now. */
  readonly services: Readonly<Record<string, RunningService>>;
  /** All of them, as their serverless.yml declare them. */
  readonly declared: readonly {
    readonly name: string;
    readonly functions: readonly FunctionDescription[];
  }[];
  readonly broker: CloudBroker;
  databaseOf(service: string): string;
  messages(queue: string): readonly Message[];
  stopService(name: string): Promise<void>;
  startService(name: string): Promise<RunningService>;
  stop(): Promise<void>;
}

type Message = Omit<QueueMessage, 'state' | 'receives'> & {
  readonly isOut: boolean;
  readonly failures: number;
};

/** Gets what happens. */
export interface CloudWatch {
  published(body: string): void;
  message(change: Parameters<Recorder['message']>[0]): void;
  invocation(
    run: Pick<InvocationReport, 'at' | 'duration' | 'outcome'> & {
      readonly service: string;
      readonly name: string;
    },
  ): void;
}

export interface CloudOptions {
  readonly cloud: CloudName;
  readonly stage: string;
  readonly issuer?: { readonly url: string; readonly audience: string };
  readonly portOf: (service: string) => number;
  readonly onLine: (service: string, line: string) => void;
  readonly onStep: (step: string) => void;
  readonly watch?: CloudWatch;
}

/** @throws Error when a part of it does not start; what was started has ended then */
export const startCloud = (options: CloudOptions): Promise<RunningCloud> => {
  const { startCloudPlatform } = createRequire(__filename)('@orderly/clouds/platform') as {
    startCloudPlatform(options: CloudOptions): Promise<RunningCloud>;
  };
  return startCloudPlatform(options);
};
