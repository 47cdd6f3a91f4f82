import { readFailures } from './answer.ts';
import { backOff } from './back-off.ts';
import type { EventSourceContext } from './context.ts';
import { passesMessage } from './filter.ts';
import type { Invocation } from './invocation.ts';
import { LEASE_SECONDS, Lease } from './lease.ts';
import type { SqsMapping } from './mapping.ts';
import { PAYLOAD_BYTES, sizeOf, splitBatches } from './payload.ts';
import { SqsQueue } from './sqs-queue.ts';
import type { SqsRecord } from './sqs-record.ts';

const LONG_POLL_SECONDS = 20;
const RECEIVE_MAXIMUM = 10;

interface Received {
  readonly records: readonly SqsRecord[];
  /** When the first of them came, in milliseconds since the epoch. */
  readonly at: number;
}

const idsOf = (records: readonly SqsRecord[]): readonly string[] => records.map(({ messageId }) => messageId);

/** Which messages of a batch the invocation leaves unprocessed. */
export const failedMessages = (
  invocation: Invocation,
  records: readonly SqsRecord[],
  partialAnswers: boolean,
): ReadonlySet<string> => {
  if (invocation.outcome !== 'answer') return new Set(idsOf(records));
  if (!partialAnswers) return new Set();
  const failures = readFailures(invocation.payload, idsOf(records));
  return failures === 'all' ? new Set(idsOf(records)) : failures;
};

const describe = (invocation: Invocation, failed: number, size: number): string =>
  invocation.outcome === 'error' ? invocation.message : `${failed} of ${size} messages failed`;

/** Undefined in a standard queue, where groups have no order. */
const groupOf = ({ attributes, eventSourceARN }: SqsRecord): string | undefined =>
  eventSourceARN.endsWith('.fifo') ? attributes.MessageGroupId : undefined;

/**
 * Polls one queue for one function, as Lambda's event source mapping does. SQS blocks a FIFO group while messages of it
 * are in flight, so no two invocations work on one group; what a failed message means for its followers in the same
 * batch is up to the function.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 */
export class SqsSource {
  readonly #mapping: SqsMapping;
  readonly #context: EventSourceContext;
  readonly #stopping = new AbortController();
  readonly #working = new Set<Promise<void>>();
  #loop: Promise<void> = Promise.resolve();
  /** Receives that failed in a row. An outage is logged once. */
  #failures = 0;

  constructor(mapping: SqsMapping, context: EventSourceContext) {
    this.#mapping = mapping;
    this.#context = context;
  }

  /** @throws when the queue does not exist */
  async start(): Promise<void> {
    const queue = await SqsQueue.open(this.#mapping.arn, this.#context);
    this.#loop = this.#poll(queue);
  }

  /** Receives nothing more, and resolves when every batch is processed or back in the queue. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#working);
  }

  async #poll(queue: SqsQueue): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      if (this.#working.size >= this.#mapping.maximumConcurrency) {
        await Promise.race(this.#working);
        continue;
      }
      const received = await this.#collect(queue);
      if (received.records.length > 0) this.#start(queue, received);
    }
  }

  #start(queue: SqsQueue, received: Received): void {
    const work: Promise<void> = this.#work(queue, received)
      .catch((error: Error) => this.#log(error.message))
      .finally(() => this.#working.delete(work));
    this.#working.add(work);
  }

  /** One batch: a single receive, or as many as the batching window and the batch size allow. */
  async #collect(queue: SqsQueue): Promise<Received> {
    const { batchSize, batchWindowMs } = this.#mapping;
    const { clock } = this.#context;
    const records = [...(await this.#receive(queue, batchSize, LONG_POLL_SECONDS))];
    const at = clock.now();
    if (batchWindowMs === 0 || records.length === 0) return { records, at };
    let bytes = sizeOf(records);
    while (records.length < batchSize && bytes < PAYLOAD_BYTES) {
      const left = Math.ceil((at + batchWindowMs - clock.now()) / 1000);
      if (this.#stopping.signal.aborted || left <= 0) break;
      const more = await this.#receive(queue, batchSize - records.length, Math.min(1, left));
      records.push(...more);
      bytes += sizeOf(more);
    }
    return { records, at };
  }

  async #receive(queue: SqsQueue, most: number, waitSeconds: number): Promise<readonly SqsRecord[]> {
    const { signal } = this.#stopping;
    const visibilitySeconds = Math.min(queue.visibilitySeconds, LEASE_SECONDS);
    const maximum = Math.min(most, RECEIVE_MAXIMUM);
    try {
      const records = await queue.receive({ maximum, waitSeconds, visibilitySeconds }, signal);
      this.#failures = 0;
      return records;
    } catch (error) {
      if (signal.aborted) return [];
      if (this.#failures === 0) this.#log(`cannot receive from ${queue.url}: ${String(error)}`);
      this.#failures += 1;
      await backOff(this.#failures, this.#context, signal);
      return [];
    }
  }

  /**
   * What was received together is one invocation, or several in a row where it exceeds the payload limit: each group
   * keeps its order, and the concurrency its limit.
   */
  async #work(queue: SqsQueue, { records, at }: Received): Promise<void> {
    const lease = new Lease(queue, this.#context.clock, records, at);
    try {
      const wanted = await this.#filter(queue, lease, records);
      const failedGroups = new Set<string>();
      for (const batch of splitBatches(wanted, this.#mapping.batchSize)) {
        await this.#process(queue, lease, batch, failedGroups);
      }
    } finally {
      lease.end();
    }
  }

  /** Lambda deletes what the filter does not let through. */
  async #filter(queue: SqsQueue, lease: Lease, records: readonly SqsRecord[]): Promise<readonly SqsRecord[]> {
    const { filterPatterns } = this.#mapping;
    if (filterPatterns.length === 0) return records;
    const passes = new Set(records.filter((record) => passesMessage(filterPatterns, record)));
    const unwanted = records.filter((record) => !passes.has(record));
    await this.#delete(queue, lease, unwanted);
    return records.filter((record) => passes.has(record));
  }

  /** @param failedGroups groups with a failure in an earlier batch of the same receive: their followers must not overtake it */
  async #process(
    queue: SqsQueue,
    lease: Lease,
    batch: readonly SqsRecord[],
    failedGroups: Set<string>,
  ): Promise<void> {
    const { functionName, partialAnswers } = this.#mapping;
    const isBlocked = (record: SqsRecord): boolean => {
      const group = groupOf(record);
      return group !== undefined && failedGroups.has(group);
    };
    const blocked = batch.filter(isBlocked);
    const records = batch.filter((record) => !isBlocked(record));
    await this.#giveBack(queue, lease, blocked, lease.secondsLeft);
    if (records.length === 0) return;
    const invocation = await this.#context.invoke(functionName, { Records: records });
    const failed = failedMessages(invocation, records, partialAnswers);
    await this.#delete(
      queue,
      lease,
      records.filter(({ messageId }) => !failed.has(messageId)),
    );
    const left = records.filter(({ messageId }) => failed.has(messageId));
    if (left.length === 0) return;
    for (const group of left.map(groupOf)) if (group !== undefined) failedGroups.add(group);
    const stopped = invocation.outcome === 'stopped';
    // The runner of the functions is about to stop this, too: messages given back now are not for this source.
    if (stopped) this.#stopping.abort();
    await this.#giveBack(queue, lease, left, stopped ? 0 : lease.secondsLeft);
    if (!stopped) this.#log(describe(invocation, left.length, records.length));
  }

  async #delete(queue: SqsQueue, lease: Lease, records: readonly SqsRecord[]): Promise<void> {
    if (records.length === 0) return;
    await lease.letGo(records);
    for (const reason of await queue.delete(records)) this.#log(`cannot delete messages: ${reason}`);
  }

  /** The last message first: SQS keeps a group blocked as long as its first message is in flight. */
  async #giveBack(
    queue: SqsQueue,
    lease: Lease,
    records: readonly SqsRecord[],
    seconds: number,
  ): Promise<void> {
    if (records.length === 0) return;
    await lease.letGo(records);
    await queue.hide([...records].reverse(), seconds);
  }

  #log(message: string): void {
    this.#context.log(`${this.#mapping.functionName}: ${message}`);
  }
}
