import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Saved {
  readonly streamArn: string;
  readonly functionName: string;
  /** When the function first read this stream (ms since the epoch). */
  readonly startedAt: number;
  readonly shards: Record<string, string>;
}

const SAVE_AFTER_MS = 50;

const read = (file: string): Saved | undefined => {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Saved;
  } catch {
    return undefined;
  }
};

/**
 * How far a function has come in each shard of a stream, kept in a small file as Lambda keeps it
 * in the event source mapping: a service that is killed goes on where it was. The last 50 ms may be
 * missing, so records can come twice but never get lost. A new DynamoDB has new stream ARNs.
 */
export class Checkpoints {
  readonly #file: string;
  readonly #saved: Saved;
  #timer: NodeJS.Timeout | undefined;
  /** False on the very first start of this function on this stream. */
  readonly resumed: boolean;

  constructor(folder: string, functionName: string, streamArn: string) {
    const key = createHash('sha256').update(`${functionName}\0${streamArn}`).digest('hex').slice(0, 16);
    this.#file = join(folder, `${functionName}-${key}.json`);
    const saved = read(this.#file);
    this.resumed = saved !== undefined;
    this.#saved = saved ?? { streamArn, functionName, startedAt: Date.now(), shards: {} };
    if (!saved) this.save();
  }

  get startedAt(): number {
    return this.#saved.startedAt;
  }

  /** The last sequence number done in this shard. */
  get(shardId: string): string | undefined {
    return this.#saved.shards[shardId];
  }

  set(shardId: string, sequenceNumber: string): void {
    this.#saved.shards[shardId] = sequenceNumber;
    this.#timer ??= setTimeout(() => this.save(), SAVE_AFTER_MS);
  }

  /** Writes now; the file is replaced whole, never half. */
  save(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    mkdirSync(dirname(this.#file), { recursive: true });
    const own = `${this.#file}.${process.pid}`;
    writeFileSync(own, JSON.stringify(this.#saved));
    renameSync(own, this.#file);
  }
}
