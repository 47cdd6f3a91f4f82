import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { StreamWrite } from '@orderly/aws/dynamodb/service';
import type { ItemVersion } from '../api.ts';
import { Ring } from './ring.ts';

interface StreamRecord {
  readonly eventName: ItemVersion['change'];
  readonly dynamodb: {
    readonly Keys: Parameters<typeof unmarshall>[0];
    readonly NewImage?: Parameters<typeof unmarshall>[0];
  };
}

interface Recorded {
  readonly key: string;
  readonly at: number;
  readonly record: StreamRecord;
}

const keyOf = (table: string, key: Readonly<Record<string, unknown>>): string =>
  JSON.stringify([table, ...Object.entries(key).sort(([a], [b]) => (a < b ? -1 : 1))]);

/** The latest writes to tables with a stream. */
export class ItemHistory {
  readonly #writes: Ring<Recorded>;
  readonly #counts = new Map<string, number>();
  #count = 0;

  constructor(limit = 5_000) {
    this.#writes = new Ring(limit);
  }

  add({ tableName, records }: StreamWrite, at: number): void {
    this.#counts.set(tableName, this.writesTo(tableName) + records.length);
    for (const record of records as readonly unknown[] as readonly StreamRecord[]) {
      const key = keyOf(tableName, unmarshall(record.dynamodb.Keys));
      this.#writes.set(String(++this.#count), { key, at, record });
    }
  }

  /** How often items of a table were written. */
  writesTo(table: string): number {
    return this.#counts.get(table) ?? 0;
  }

  /** Newest first. */
  of(table: string, key: Readonly<Record<string, unknown>>): readonly ItemVersion[] {
    const wanted = keyOf(table, key);
    return this.#writes
      .newestFirst()
      .filter((write) => write.key === wanted)
      .map(({ at, record: { eventName, dynamodb } }) => ({
        at,
        change: eventName,
        ...(dynamodb.NewImage !== undefined && { item: unmarshall(dynamodb.NewImage) }),
      }));
  }
}
