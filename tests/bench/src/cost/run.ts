/** What one request of a function to AWS is charged with. */
export interface PaidCall {
  readonly api: 'DynamoDB' | 'SQS' | 'EventBridge' | 'SNS';
  readonly operation: string;
  /** Of DynamoDB. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Of a queue, an event bus or a topic: one for each 64 KiB begun. */
  readonly requests: number;
}

/**
 * What invokes a function: an HTTP API, a REST API, a table's stream, a queue, an event that waits for no answer, or a
 * service that calls it and pays for that itself (AppSync, Step Functions).
 */
export type Trigger = 'http' | 'rest' | 'stream' | 'queue' | 'event' | 'call';

/** One run of a function, and all that it is charged for. */
export interface Run {
  readonly service: string;
  readonly functionName: string;
  readonly memoryMb: number;
  /** arm64 unless it says otherwise. */
  readonly architecture?: 'x86_64';
  readonly source: Trigger;
  /** The lines that the function wrote. */
  readonly logged: readonly string[];
  readonly calls: readonly PaidCall[];
  /** Runs whose answers it waits for, all at the same time. */
  readonly awaits?: readonly Run[];
  /** Whether its caller has begun the trace that it belongs to. */
  readonly joinsTrace?: boolean;
}

/** By these a publisher finds its subscriptions. */
const lookUps = new Set(['ListQueues', 'ListQueueTags']);
export const isLookUp = ({ operation }: PaidCall): boolean => lookUps.has(operation);
