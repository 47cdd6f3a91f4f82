import type { JsonObject } from '../protocol/service.ts';
import { STREAM_RETENTION_MS } from './limits.ts';

export interface UserIdentity {
  readonly Type: string;
  readonly PrincipalId: string;
}

/** A record of a stream; `json` is what readers get. */
export interface StreamRecord {
  readonly sequence: number;
  readonly writtenAt: number;
  readonly bytes: number;
  readonly json: JsonObject;
}

/** The part of all partition keys, by their hash, that a shard takes: `from` included, `to` excluded. */
export interface HashRange {
  readonly from: number;
  readonly to: number;
}

const DIGITS = 21;
const FIRST = 10n ** BigInt(DIGITS - 1);

/** Sequence numbers as DynamoDB writes them: digits only, 21 of them, so that texts are ordered as the numbers are. */
export const sequenceText = (sequence: number): string => (FIRST + BigInt(sequence)).toString();

/** The sequence number in a text; negative when it was before any of this DynamoDB. */
export const parseSequence = (text: string): number => Number(BigInt(text) - FIRST);

export class Shard {
  readonly id: string;
  readonly parent: string | undefined;
  readonly hashes: HashRange;
  readonly openedAt: number;
  readonly #first: number;
  #records: StreamRecord[] = [];
  /** The last record that is gone, or all that were before the shard. */
  #trimmed: number;
  #ended: { readonly at: number; readonly sequence: number } | undefined;

  constructor(options: {
    readonly id: string;
    readonly parent: string | undefined;
    readonly hashes: HashRange;
    readonly openedAt: number;
    readonly sequence: number;
  }) {
    this.id = options.id;
    this.parent = options.parent;
    this.hashes = options.hashes;
    this.openedAt = options.openedAt;
    this.#first = options.sequence;
    this.#trimmed = options.sequence - 1;
  }

  /** Its first sequence number. */
  get first(): number {
    return this.#first;
  }

  get isOpen(): boolean {
    return this.#ended === undefined;
  }

  /** Closed for a day: whatever it held is trimmed. */
  isForgotten(now: number): boolean {
    return this.#ended !== undefined && this.#ended.at <= now - STREAM_RETENTION_MS;
  }

  takes(hash: number): boolean {
    return this.isOpen && hash >= this.hashes.from && hash < this.hashes.to;
  }

  add(record: StreamRecord): void {
    this.#records.push(record);
  }

  close(at: number, sequence: number): void {
    this.#ended = { at, sequence };
  }

  /** Forgets records that are older than a day. */
  trim(now: number): void {
    const horizon = now - STREAM_RETENTION_MS;
    if ((this.#records[0]?.writtenAt ?? now) > horizon) return;
    const kept = this.#records.findIndex(({ writtenAt }) => writtenAt > horizon);
    const gone = kept < 0 ? this.#records.length : kept;
    const last = this.#records[gone - 1];
    if (!last) return;
    this.#trimmed = last.sequence;
    this.#records = this.#records.slice(gone);
  }

  /** The last sequence number that nobody can read any more. */
  get trimmed(): number {
    return this.#trimmed;
  }

  /** The last sequence number so far. */
  get latest(): number {
    return this.#records.at(-1)?.sequence ?? this.#trimmed;
  }

  /** Records after a sequence number, in order. */
  after(sequence: number, limit: number, maxBytes: number): readonly StreamRecord[] {
    const start = this.#indexAfter(sequence);
    let bytes = 0;
    let end = start;
    for (; end < this.#records.length && end - start < limit; end++) {
      bytes += this.#records[end]?.bytes ?? 0;
      if (bytes > maxBytes && end > start) break;
    }
    return this.#records.slice(start, end);
  }

  #indexAfter(sequence: number): number {
    let [low, high] = [0, this.#records.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#records[middle]?.sequence ?? 0) <= sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  describe(): JsonObject {
    return {
      ShardId: this.id,
      SequenceNumberRange: {
        StartingSequenceNumber: sequenceText(this.#first),
        ...(this.#ended && { EndingSequenceNumber: sequenceText(this.#ended.sequence) }),
      },
      ...(this.parent !== undefined && { ParentShardId: this.parent }),
    };
  }
}
