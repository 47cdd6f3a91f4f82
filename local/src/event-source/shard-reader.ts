import { setTimeout as delay } from 'node:timers/promises';
import {
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import { type StreamRecord, toStreamRecord } from './stream-record.ts';
import type { Wake } from './wake.ts';

/** Lambda polls four times a second; a developer waits for every one of these. */
const BUSY_POLL_MS = 20;
const IDLE_POLL_MS = 100;
const RETRY_MS = 500;
const PAGE = 1000;

/** Where to read from: after a sequence number, or from an end of the shard. */
export type Position = { readonly after: string } | 'TRIM_HORIZON' | 'LATEST';

export interface ShardReaderOptions {
  readonly streams: DynamoDBStreamsClient;
  readonly streamArn: string;
  readonly shardId: string;
  readonly region: string;
  readonly signal: AbortSignal;
  /** Ends the pause between two polls. */
  readonly wake: Wake;
  readonly log: (message: string) => void;
}

/** Reads the records of one shard, in order, until the shard is closed and empty. */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  #position: Position;
  #iterator: string | undefined;
  #closed = false;
  /** An outage is told once, not twice a second. */
  #failing = false;
  #pollMs = BUSY_POLL_MS;

  constructor(options: ShardReaderOptions, position: Position) {
    this.#options = options;
    this.#position = position;
  }

  /** True when the shard has no more records and never will have. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Fixes the position, so that what is written from now on is read. */
  async open(): Promise<void> {
    this.#iterator ??= await this.#getIterator();
  }

  /** The next records; empty when there are none yet, when the shard is closed, or when stopping. */
  async next(): Promise<readonly StreamRecord[]> {
    const { signal, shardId, wake, log } = this.#options;
    try {
      const records = await this.#read();
      this.#failing = false;
      this.#pollMs = records.length > 0 ? BUSY_POLL_MS : Math.min(IDLE_POLL_MS, this.#pollMs * 1.1);
      const pauses = records.length === 0 && !this.#closed;
      if (pauses && (await wake.sleep(this.#pollMs, signal))) this.#pollMs = BUSY_POLL_MS;
      return records;
    } catch (error) {
      if (signal.aborted) return [];
      this.#iterator = undefined;
      if (error instanceof TrimmedDataAccessException) this.#position = 'TRIM_HORIZON';
      else if (!(error instanceof ExpiredIteratorException)) {
        if (!this.#failing) log(`cannot read ${shardId}: ${String(error)}`);
        this.#failing = true;
        await this.#pause(RETRY_MS);
      }
      return [];
    }
  }

  async #pause(ms: number): Promise<void> {
    await delay(ms, undefined, { signal: this.#options.signal }).catch(() => undefined);
  }

  async #getIterator(): Promise<string | undefined> {
    const { streams, streamArn, shardId } = this.#options;
    const at = this.#position;
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn: streamArn,
        ShardId: shardId,
        ...(typeof at === 'string'
          ? { ShardIteratorType: at }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: at.after }),
      }),
    );
    return ShardIterator;
  }

  async #read(): Promise<readonly StreamRecord[]> {
    const { streams, streamArn, region, signal } = this.#options;
    await this.open();
    const { Records = [], NextShardIterator } = await streams.send(
      new GetRecordsCommand({ ShardIterator: this.#iterator, Limit: PAGE }),
      { abortSignal: signal },
    );
    this.#iterator = NextShardIterator;
    this.#closed = NextShardIterator === undefined;
    const records = Records.map((change) => toStreamRecord(change, streamArn, region));
    const last = records.at(-1);
    if (last) this.#position = { after: last.dynamodb.SequenceNumber };
    return records;
  }
}
