import { setTimeout as delay } from 'node:timers/promises';
import {
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type Failures, readFailures } from './answer.ts';
import { passesMessage } from './filter.ts';
import type { Invocation, Invoke } from './invoke.ts';
import { LEASE_SECONDS, Queue, remainingSeconds, whileHidden } from './lease.ts';
import type { SqsMapping } from './mapping.ts';
import { PAYLOAD_BYTES, sizeOf, splitBatches } from './payload.ts';
import { type SqsRecord, toSqsRecord } from './sqs-record.ts';

const LONG_POLL_SECONDS = 20;
const RECEIVE_MAXIMUM = 10;
const RETRY_MS = 500;

export interface SourceContext {
  readonly sqs: SQSClient;
  readonly invoke: Invoke;
  readonly log: (message: string) => void;
}

const all = (records: readonly SqsRecord[]): ReadonlySet<string> =>
  new Set(records.map(({ messageId }) => messageId));

/** Which messages of a batch the invocation leaves unprocessed. */
export const failedMessages = (
  invocation: Invocation,
  records: readonly SqsRecord[],
  partialAnswers: boolean,
): ReadonlySet<string> => {
  if (invocation.kind !== 'answer') return all(records);
  if (!partialAnswers) return new Set();
  const failures: Failures = readFailures(invocation.payload, [...all(records)]);
  return failures === 'all' ? all(records) : failures;
};

const describe = (invocation: Invocation, failed: number, size: number): string =>
  invocation.kind === 'error' ? invocation.message : `${failed} of ${size} messages failed`;

/**
 * Polls one queue for one function, as Lambda's event source mapping does.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class SqsSource {
  readonly #mapping: SqsMapping;
  readonly #context: SourceContext;
  readonly #stopping = new AbortController();
  readonly #batches = new Set<Promise<void>>();
  #loop: Promise<void> = Promise.resolve();
  #queue: Queue;
  #url = '';
  #visibilitySeconds = 30;
  /** An outage is told once, not twice a second. */
  #failing = false;

  constructor(mapping: SqsMapping, context: SourceContext) {
    this.#mapping = mapping;
    this.#context = context;
    this.#queue = new Queue(context.sqs, '');
  }

  /** @throws when the queue does not exist */
  async start(): Promise<void> {
    const { sqs } = this.#context;
    const QueueName = this.#mapping.arn.split(':').at(-1);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
    );
    this.#url = QueueUrl ?? '';
    this.#queue = new Queue(sqs, this.#url);
    this.#visibilitySeconds = Number(Attributes?.VisibilityTimeout ?? 30);
    this.#loop = this.#poll();
  }

  /** Receives nothing more, and resolves when every batch is processed or back in the queue. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#batches);
  }

  async #poll(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      if (this.#batches.size >= this.#mapping.maximumConcurrency) {
        await Promise.race(this.#batches);
        continue;
      }
      const until = Date.now() + this.#visibilitySeconds * 1000;
      const records = await this.#gather();
      for (const batch of splitBatches(records, this.#mapping.batchSize)) this.#start(batch, until);
    }
  }

  #start(records: readonly SqsRecord[], until: number): void {
    const batch: Promise<void> = this.#process(records, until)
      .catch((error: Error) => this.#context.log(`${this.#mapping.functionName}: ${error.message}`))
      .finally(() => this.#batches.delete(batch));
    this.#batches.add(batch);
  }

  /** One batch: a single receive, or as many as the batching window and the batch size allow. */
  async #gather(): Promise<readonly SqsRecord[]> {
    const { batchSize, batchWindowMs } = this.#mapping;
    const records = [...(await this.#receive(batchSize, LONG_POLL_SECONDS))];
    const until = Date.now() + batchWindowMs;
    let bytes = sizeOf(records);
    while (records.length > 0 && records.length < batchSize && bytes < PAYLOAD_BYTES) {
      const left = remainingSeconds(until, Date.now());
      if (this.#stopping.signal.aborted || left === 0) break;
      const more = await this.#receive(batchSize - records.length, Math.min(1, left));
      records.push(...more);
      bytes += sizeOf(more);
    }
    return records;
  }

  async #receive(maximum: number, waitSeconds: number): Promise<readonly SqsRecord[]> {
    try {
      const { Messages = [] } = await this.#context.sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: this.#url,
          MaxNumberOfMessages: Math.min(maximum, RECEIVE_MAXIMUM),
          WaitTimeSeconds: waitSeconds,
          VisibilityTimeout: Math.min(this.#visibilitySeconds, LEASE_SECONDS),
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
        }),
        { abortSignal: this.#stopping.signal },
      );
      this.#failing = false;
      return Messages.map((message) => toSqsRecord(message, this.#mapping.arn));
    } catch (error) {
      if (this.#stopping.signal.aborted) return [];
      if (!this.#failing) {
        this.#context.log(`${this.#mapping.functionName} cannot receive from ${this.#url}: ${String(error)}`);
      }
      this.#failing = true;
      await delay(RETRY_MS);
      return [];
    }
  }

  async #process(received: readonly SqsRecord[], until: number): Promise<void> {
    const { functionName, filterPatterns, partialAnswers } = this.#mapping;
    const wanted = received.filter((record) => passesMessage(filterPatterns, record));
    // Lambda deletes what the filter does not let through.
    await this.#queue.delete(received.filter((record) => !wanted.includes(record)));
    if (wanted.length === 0) return;
    const invocation = await whileHidden(this.#queue, wanted, until, () =>
      this.#context.invoke(functionName, { Records: wanted }),
    );
    const failed = failedMessages(invocation, wanted, partialAnswers);
    await this.#queue.delete(wanted.filter(({ messageId }) => !failed.has(messageId)));
    const left = wanted.filter(({ messageId }) => failed.has(messageId));
    if (left.length === 0) return;
    const stopped = invocation.kind === 'stopped';
    await this.#queue.hide([...left].reverse(), stopped ? 0 : remainingSeconds(until, Date.now()));
    if (!stopped) this.#context.log(`${functionName}: ${describe(invocation, left.length, wanted.length)}`);
  }
}
