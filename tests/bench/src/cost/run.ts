/** What one request of a function to AWS is charged with. */
export interface PaidCall {
  readonly api: 'DynamoDB' | 'SQS' | 'EventBridge' | 'SNS';
  readonly operation: string;
  /** Of DynamoDB. */
  readonly readUnits: number;
  readonly writeUnits: number;
  /** Of a queue, an event bus or a topic: one for each 64 KiB begun. */
  readonly requests: number;
  /** The name of the queue that a request to SQS is about; a FIFO queue where it is not known. */
  readonly queue?: string;
}

/**
 * What invokes a function: an HTTP API, a REST API, a table's stream, a FIFO queue, a standard queue, an event that waits for no answer, or a
 * service that calls it and pays for that itself (AppSync, Step Functions).
 */
export type Trigger = 'http' | 'rest' | 'stream' | 'queue' | 'standard-queue' | 'event' | 'call';

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
  /** Milliseconds that it waits for servers of others. */
  readonly waitsMs?: number;
  /** Runs whose answers it waits for, all at the same time. */
  readonly awaits?: readonly Run[];
  /** Whether its caller has begun the trace that it belongs to. */
  readonly joinsTrace?: boolean;
}

/** By these a publisher finds its subscriptions. */
const lookUps = new Set(['ListQueues', 'ListQueueTags']);
export const isLookUp = ({ operation }: PaidCall): boolean => lookUps.has(operation);

/** Whether Lambda receives what it works on from a queue. */
export const isReceived = ({ source }: Run): boolean => source === 'queue' || source === 'standard-queue';

/** Requests to FIFO queues have a price of their own. */
export const isFifo = (queue = '.fifo'): boolean => queue.endsWith('.fifo');
