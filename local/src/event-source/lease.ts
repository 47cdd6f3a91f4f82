import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { SqsRecord } from './sqs-record.ts';

/**
 * Messages are taken for a few seconds at a time and the time is extended while the function runs,
 * up to the queue's visibility timeout. A function sees what AWS shows it; a service that is killed
 * gets its messages back soon instead of after minutes.
 */
export const LEASE_SECONDS = 10;
const EXTEND_EVERY_MS = 3_000;
const ENTRIES = 10;

const chunks = (records: readonly SqsRecord[]): readonly (readonly SqsRecord[])[] =>
  Array.from({ length: Math.ceil(records.length / ENTRIES) }, (_, at) =>
    records.slice(at * ENTRIES, (at + 1) * ENTRIES),
  );

export class Queue {
  readonly #sqs: SQSClient;
  readonly #url: string;

  constructor(sqs: SQSClient, url: string) {
    this.#sqs = sqs;
    this.#url = url;
  }

  async delete(records: readonly SqsRecord[]): Promise<void> {
    for (const chunk of chunks(records)) {
      const Entries = chunk.map(({ receiptHandle }, at) => ({
        Id: String(at),
        ReceiptHandle: receiptHandle,
      }));
      await this.#sqs.send(new DeleteMessageBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }

  /** Hides the messages for this many seconds from now; 0 shows them at once. */
  async hide(records: readonly SqsRecord[], seconds: number): Promise<void> {
    for (const chunk of chunks(records)) {
      const Entries = chunk.map(({ receiptHandle }, at) => ({
        Id: String(at),
        ReceiptHandle: receiptHandle,
        VisibilityTimeout: seconds,
      }));
      await this.#sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: this.#url, Entries }));
    }
  }
}

/** How long messages stay hidden whose processing failed: what is left of the visibility timeout. */
export const remainingSeconds = (until: number, now: number): number =>
  Math.max(0, Math.ceil((until - now) / 1000));

/**
 * Runs `work` while the messages are kept hidden, until `until` (ms since the epoch) at most.
 * A failed extension is not an error: the messages then come back earlier, which at-least-once allows.
 */
export const whileHidden = async <T>(
  queue: Queue,
  records: readonly SqsRecord[],
  until: number,
  work: () => Promise<T>,
): Promise<T> => {
  const timer = setInterval(() => {
    const seconds = Math.min(LEASE_SECONDS, remainingSeconds(until, Date.now()));
    if (seconds > 0) queue.hide(records, seconds).catch(() => undefined);
  }, EXTEND_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
};
