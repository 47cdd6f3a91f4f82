import { AwsError } from '../protocol/error.ts';
import type { JsonObject } from '../protocol/service.ts';
import { backOff } from './back-off.ts';
import type { EventSourceContext } from './context.ts';
import { type StreamRecord, toStreamRecord } from './stream-record.ts';

/** Lambda polls four times a second; a developer waits for every one of these. */
const POLL_MS = 100;
const PAGE = 1000;

/** Where to read from: after a sequence number, or from an end of the shard. */
export type Position = { readonly after: string } | 'TRIM_HORIZON' | 'LATEST';

export interface Shard {
  readonly streamArn: string;
  readonly shardId: string;
}

const iteratorType = (position: Position): JsonObject =>
  typeof position === 'string'
    ? { ShardIteratorType: position }
    : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: position.after };

/**
 * Reads the records of one shard, in order, until the shard is closed and empty.
 * Source: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
 */
export class ShardReader {
  readonly #shard: Shard;
  readonly #context: EventSourceContext;
  readonly #signal: AbortSignal;
  #position: Position;
  #iterator: string | undefined;
  #closed = false;
  /** Reads that failed in a row. An outage is logged once. */
  #failures = 0;

  constructor(shard: Shard, position: Position, context: EventSourceContext, signal: AbortSignal) {
    this.#shard = shard;
    this.#position = position;
    this.#context = context;
    this.#signal = signal;
  }

  /** True when the shard has no more records and never will have. */
  get closed(): boolean {
    return this.#closed;
  }

  /**
   * Fixes the position, so that what is written from now on is read.
   * @throws when the stream cannot be reached
   */
  async open(): Promise<void> {
    try {
      await this.#open();
    } catch (error) {
      if (!this.#adapt(error)) throw error;
    }
  }

  /** The next records; empty when there are none yet, when the shard is closed, or when stopping. */
  async next(): Promise<readonly StreamRecord[]> {
    const { wake } = this.#context;
    const { times } = wake;
    try {
      const records = await this.#read();
      this.#failures = 0;
      if (records.length === 0 && !this.#closed) await wake.sleep(times, POLL_MS, this.#signal);
      return records;
    } catch (error) {
      await this.#recover(error);
      return [];
    }
  }

  /** @returns false for an error that says nothing of the position, as an outage */
  #adapt(error: unknown): boolean {
    switch (error instanceof AwsError ? error.code : undefined) {
      // An iterator lives for 15 minutes.
      case 'ExpiredIteratorException':
        this.#iterator = undefined;
        return true;
      // Records live for 24 hours.
      case 'TrimmedDataAccessException':
        this.#iterator = undefined;
        this.#position = 'TRIM_HORIZON';
        return true;
      // So does a closed shard.
      case 'ResourceNotFoundException':
        this.#closed = true;
        return true;
      default:
        return false;
    }
  }

  async #recover(error: unknown): Promise<void> {
    if (this.#signal.aborted || this.#adapt(error)) return;
    if (this.#failures === 0) this.#context.log(`cannot read ${this.#shard.shardId}: ${String(error)}`);
    this.#failures += 1;
    await backOff(this.#failures, this.#context, this.#signal);
  }

  async #open(): Promise<void> {
    if (this.#iterator !== undefined) return;
    const { streamArn, shardId } = this.#shard;
    const { ShardIterator } = await this.#context.call('streams', 'GetShardIterator', {
      StreamArn: streamArn,
      ShardId: shardId,
      ...iteratorType(this.#position),
    });
    this.#iterator = typeof ShardIterator === 'string' ? ShardIterator : undefined;
    // A second LATEST would leave out what came since the first: the source knows what is too early for it.
    if (this.#position === 'LATEST') this.#position = 'TRIM_HORIZON';
  }

  async #read(): Promise<readonly StreamRecord[]> {
    const { call, region } = this.#context;
    await this.#open();
    const input = { ShardIterator: this.#iterator, Limit: PAGE };
    const { Records, NextShardIterator } = await call('streams', 'GetRecords', input, this.#signal);
    this.#iterator = typeof NextShardIterator === 'string' ? NextShardIterator : undefined;
    this.#closed = this.#iterator === undefined;
    const found: readonly JsonObject[] = Array.isArray(Records) ? Records : [];
    const records = found.map((change) => toStreamRecord(change, this.#shard.streamArn, region));
    const last = records.at(-1);
    if (last) this.#position = { after: last.dynamodb.SequenceNumber };
    return records;
  }
}
