import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { CheckpointStore, Checkpoints } from '../../aws/event-sources/checkpoints.ts';

interface Saved {
  readonly streamArn: string;
  readonly functionName: string;
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

class CheckpointFile implements Checkpoints {
  readonly #file: string;
  readonly #saved: Saved;
  #timer: NodeJS.Timeout | undefined;
  readonly resumed: boolean;

  constructor(file: string, fresh: Saved) {
    this.#file = file;
    const saved = read(file);
    this.resumed = saved !== undefined;
    this.#saved = saved ?? fresh;
    if (!saved) this.save();
  }

  get startedAt(): number {
    return this.#saved.startedAt;
  }

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

/**
 * Checkpoints in small files, so that a service that is killed goes on where it was. The last 50 ms may be missing:
 * records can come twice but never get lost. A new DynamoDB has new stream ARNs.
 */
export class FileCheckpoints implements CheckpointStore {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  open(functionName: string, streamArn: string, now: number): Checkpoints {
    const key = createHash('sha256').update(`${functionName}\0${streamArn}`).digest('hex').slice(0, 16);
    const file = join(this.#folder, `${functionName}-${key}.json`);
    return new CheckpointFile(file, { streamArn, functionName, startedAt: now, shards: {} });
  }
}
