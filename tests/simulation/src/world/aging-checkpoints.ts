import type { CheckpointStore, Checkpoints } from '@orderly/aws/event-sources/checkpoints';

interface Position {
  readonly startedAt: number;
  /** By shard, the last sequence numbers that were done, newest first. */
  readonly shards: Map<string, readonly string[]>;
}

/** How many checkpoints of a shard are remembered, to go back to. */
const REMEMBERED = 3;

/** Checkpoints that outlive event sources that are started again, and can be lost: then what was done last is done again. */
export class AgingCheckpoints implements CheckpointStore {
  readonly #positions = new Map<string, Position>();

  open(functionName: string, streamArn: string, now: number): Checkpoints {
    const key = `${functionName} ${streamArn}`;
    const known = this.#positions.get(key);
    const { startedAt, shards }: Position = known ?? { startedAt: now, shards: new Map() };
    this.#positions.set(key, { startedAt, shards });
    return {
      resumed: known !== undefined,
      startedAt,
      get: (shardId) => shards.get(shardId)?.[0],
      set: (shardId, sequenceNumber) =>
        void shards.set(shardId, [sequenceNumber, ...(shards.get(shardId) ?? [])].slice(0, REMEMBERED)),
      save: () => undefined,
    };
  }

  /** Forgets the newest checkpoints of all functions whose name begins like that. */
  goBack(prefix: string): void {
    for (const [key, { shards }] of this.#positions) {
      if (!key.startsWith(prefix)) continue;
      for (const [shardId, numbers] of shards) shards.set(shardId, numbers.slice(-1));
    }
  }
}
