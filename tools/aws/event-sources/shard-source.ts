import { pause } from '../clock.ts';
import { backOff } from './back-off.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { EventSourceContext } from './context.ts';
import { passes } from './filter.ts';
import type { StreamMapping } from './mapping.ts';
import { failureMessage } from './on-failure.ts';
import { splitBatches } from './payload.ts';
import type { ShardReader } from './shard-reader.ts';
import { sendTo } from './sqs-queue.ts';
import { type Delivery, type Discarded, deliver } from './stream-delivery.ts';
import { latestCreation, type StreamRecord } from './stream-record.ts';

/**
 * Reads that bring something are so many milliseconds apart, at least: under load records collect meanwhile, and each
 * invocation takes more of them. The first after a quiet time is read at once. Lambda polls a shard four times a second.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
const READ_INTERVAL_MS = 25;

export interface ShardSourceOptions {
  readonly mapping: StreamMapping;
  readonly context: EventSourceContext;
  readonly checkpoints: Checkpoints;
  readonly reader: ShardReader;
  readonly shardId: string;
  readonly signal: AbortSignal;
}

/** Takes the records of one shard to the function, one batch at a time, until the shard ends. */
export class ShardSource {
  readonly #options: ShardSourceOptions;
  /** When the last records were read; none of them is younger than that. */
  #readAt = 0;

  constructor(options: ShardSourceOptions) {
    this.#options = options;
  }

  /** Resolves with true when the shard is closed and done, with false when the platform stops. */
  async run(): Promise<boolean> {
    const { reader, signal, context } = this.#options;
    while (!signal.aborted) {
      const early = this.#readAt + READ_INTERVAL_MS - context.clock.now();
      if (early > 0) await pause(context.clock, early, signal);
      const page = await this.#page();
      if (page.length > 0 && !(await this.#deliverPage(page))) return false;
      if (page.length === 0 && reader.closed) return true;
    }
    return false;
  }

  /** What one poll brings, or all that a batching window brings. */
  async #page(): Promise<readonly StreamRecord[]> {
    const { mapping, reader, signal, context } = this.#options;
    const page = [...(await reader.next())];
    if (page.length === 0) return page;
    this.#readAt = context.clock.now();
    const until = this.#readAt + mapping.batchWindowMs;
    while (page.length < mapping.batchSize && context.clock.now() < until) {
      if (signal.aborted || reader.closed) break;
      page.push(...(await reader.next()));
    }
    return page;
  }

  async #deliverPage(page: readonly StreamRecord[]): Promise<boolean> {
    const { mapping, checkpoints, shardId } = this.#options;
    const wanted = page.filter((record) => passes(mapping.filterPatterns, record) && !this.#tooEarly(record));
    for (const batch of splitBatches(wanted, mapping.batchSize)) {
      if (!(await deliver(batch, this.#delivery()))) return false;
    }
    const last = page.at(-1);
    if (last) checkpoints.set(shardId, last.dynamodb.SequenceNumber);
    return true;
  }

  /** LATEST, read again before its first checkpoint: what is older than the first start is not for us. */
  #tooEarly(record: StreamRecord): boolean {
    const { mapping, checkpoints } = this.#options;
    return mapping.startingPosition === 'LATEST' && latestCreation(record) < checkpoints.startedAt;
  }

  #delivery(): Delivery {
    const { mapping, checkpoints, shardId, context, signal } = this.#options;
    return {
      mapping,
      invoke: (Records) => this.#invoke(Records),
      checkpoint: (sequenceNumber) => checkpoints.set(shardId, sequenceNumber),
      discard: (discarded) => this.#discard(discarded),
      backOff: (attempt) => backOff(attempt, context, signal),
      ageSeconds: (record) => (context.clock.now() - Math.min(latestCreation(record), this.#readAt)) / 1000,
    };
  }

  async #invoke(Records: readonly StreamRecord[]) {
    const { mapping, context } = this.#options;
    const invocation = await context.invoke(mapping.functionName, { Records });
    if (invocation.outcome === 'error') context.log(`${mapping.functionName}: ${invocation.message}`);
    return invocation;
  }

  /** Until the position is safe in the queue the shard waits: a discarded record must leave a trace. */
  async #discard(discarded: Discarded): Promise<void> {
    const { mapping, context, shardId, signal } = this.#options;
    const { functionName, onFailure, arn: streamArn } = mapping;
    context.log(`${functionName}: gave up ${discarded.records.length} records (${discarded.condition})`);
    if (onFailure === undefined) return;
    const functionArn = `arn:aws:lambda:${context.region}:000000000000:function:${functionName}`;
    const sent = { requestId: context.chance.uuid(), at: context.clock.now() };
    const message = failureMessage({ functionArn, streamArn, shardId }, discarded, sent);
    for (let attempt = 1; ; attempt++) {
      try {
        return await sendTo(context.call, onFailure, JSON.stringify(message));
      } catch (error) {
        context.log(`${functionName}: cannot send to ${onFailure}: ${String(error)}`);
        if (!(await backOff(attempt, context, signal))) throw error;
      }
    }
  }
}
