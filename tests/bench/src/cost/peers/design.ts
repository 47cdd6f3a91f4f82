import type { Step } from '../life.ts';
import type { Trigger } from '../run.ts';

/** Where a design says something: path and line in its repository, at its commit. */
export type Source = `${string}:${number}`;

interface Sourced {
  readonly source: Source;
}

/** The key of a table or an index; an index keeps all attributes. */
export interface KeyNames {
  readonly hash: string;
  readonly range?: string;
}

export interface PeerTable extends Sourced, KeyNames {
  readonly indexes?: Readonly<Record<string, KeyNames>>;
}

export interface PeerFunction extends Sourced {
  readonly memoryMb: number;
  readonly architecture?: 'x86_64';
}

/** One request to DynamoDB, as the API takes it. */
export interface TableRequest extends Sourced {
  readonly operation:
    | 'BatchGetItem'
    | 'BatchWriteItem'
    | 'DeleteItem'
    | 'GetItem'
    | 'PutItem'
    | 'Query'
    | 'UpdateItem';
  readonly input: Readonly<Record<string, unknown>>;
}

interface Work extends Sourced {
  readonly step: Step;
  /** What of it no order of ours has; left out of the comparison, and shown apart. */
  readonly beyond?: string;
  readonly requests?: readonly TableRequest[];
}

/** A run of a function. */
export interface FunctionWork extends Work {
  /** `service/function` */
  readonly run: string;
  readonly on: Exclude<Trigger, 'http' | 'queue'>;
  /** Functions of the same step whose answers it waits for, all at the same time. */
  readonly awaits?: readonly string[];
  readonly joinsTrace?: boolean;
  /** The detail of each event that it puts on the bus. */
  readonly events?: readonly unknown[];
  /** Messages that it publishes to a topic. */
  readonly published?: number;
  readonly logged?: readonly string[];
}

/** What a service of AWS does by itself: an API with its resolvers, or a state of a workflow. */
export interface ManagedWork extends Work {
  readonly does: string;
  readonly charge: 'graphqlRequests' | 'stateTransitions';
  /** Whether a trace begins here when tracing is on. */
  readonly beginsTrace?: boolean;
}

export type PeerWork = FunctionWork | ManagedWork;

/** So many alarm metrics or dashboards, whether anybody orders or not. */
export interface Standing extends Sourced {
  readonly alarmMetrics?: number;
  readonly dashboards?: number;
}

/** How another project processes an order: what was read in its templates and its code. */
export interface Design {
  readonly title: string;
  /** `owner/name` on GitHub */
  readonly repository: string;
  readonly commit: string;
  readonly tables: Readonly<Record<string, PeerTable>>;
  /** What the tables hold before the order comes. */
  readonly items: readonly { readonly table: string; readonly item: Readonly<Record<string, unknown>> }[];
  readonly functions: Readonly<Record<string, PeerFunction>>;
  /** In the order of an order's life. */
  readonly life: readonly PeerWork[];
  readonly standing: readonly Standing[];
  /** What it observes more than our `prod` does. */
  readonly observed: {
    readonly traced?: Source;
    readonly lambdaInsights?: Source;
    readonly archive?: Source;
  };
}
