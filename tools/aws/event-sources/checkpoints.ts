/** How far one function has come in each shard of one stream. */
export interface Checkpoints {
  /** False on the very first start of this function on this stream. */
  readonly resumed: boolean;
  /** When the function first read this stream, in milliseconds since the epoch. */
  readonly startedAt: number;
  /** The last sequence number done in this shard. */
  get(shardId: string): string | undefined;
  set(shardId: string, sequenceNumber: string): void;
  /** Makes what was set last. */
  save(): void;
}

/** Keeps the checkpoints of all functions, as Lambda does for its event source mappings. */
export interface CheckpointStore {
  /** @param now milliseconds since the epoch: `startedAt`, on the first start */
  open(functionName: string, streamArn: string, now: number): Checkpoints;
}

interface Position {
  readonly startedAt: number;
  readonly shards: Map<string, string>;
}

/** For tests and simulations: outlives event sources that are started again, not the process. */
export class MemoryCheckpoints implements CheckpointStore {
  readonly #positions = new Map<string, Position>();

  open(functionName: string, streamArn: string, now: number): Checkpoints {
    const key = `${functionName}\0${streamArn}`;
    const known = this.#positions.get(key);
    const { startedAt, shards } = known ?? { startedAt: now, shards: new Map<string, string>() };
    this.#positions.set(key, { startedAt, shards });
    return {
      resumed: known !== undefined,
      startedAt,
      get: (shardId) => shards.get(shardId),
      set: (shardId, sequenceNumber) => void shards.set(shardId, sequenceNumber),
      save: () => undefined,
    };
  }
}
