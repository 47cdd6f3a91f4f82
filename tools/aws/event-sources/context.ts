import type { AwsCall } from '../call.ts';
import type { Chance } from '../chance.ts';
import type { Clock } from '../clock.ts';
import type { CheckpointStore } from './checkpoints.ts';
import type { Invoke } from './invocation.ts';
import type { Wake } from './wake.ts';

/** Everything that event sources take from outside. */
export interface EventSourceContext {
  readonly clock: Clock;
  readonly chance: Chance;
  /** Leads to the queues and streams. */
  readonly call: AwsCall;
  readonly invoke: Invoke;
  readonly checkpoints: CheckpointStore;
  /** Rings when a table may have changed: streams are read at once. */
  readonly wake: Pick<Wake, 'times' | 'sleep'>;
  readonly region: string;
  readonly log: (message: string) => void;
}
