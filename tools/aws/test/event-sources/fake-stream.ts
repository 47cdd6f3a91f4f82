import type { AwsCall } from '../../call.ts';
import { AwsError } from '../../protocol/error.ts';
import type { JsonObject } from '../../protocol/service.ts';

export interface FakeShard {
  readonly parent?: string;
  keys: readonly string[];
  closed: boolean;
}

/** One stream whose shards a test opens and closes. An iterator is `<shard>:<position>`; a key is its sequence number. */
export class FakeStream {
  readonly shards = new Map<string, FakeShard>();
  /** When records were written, in seconds since the epoch; the others are written when they are read. */
  readonly created = new Map<string, number>();
  readonly images = new Map<string, JsonObject>();
  /** Errors that the next calls of an operation answer with, in order. */
  readonly failures: { readonly operation: string; readonly error: Error }[] = [];
  /** The operations that were called, in order. */
  readonly operations: string[] = [];
  readonly #now: () => number;

  /** @param now milliseconds since the epoch: when a record that is read was written */
  constructor(now: () => number) {
    this.#now = now;
  }

  readonly call: AwsCall = async (_service, operation, input) => {
    this.operations.push(operation);
    const at = this.failures.findIndex((failure) => failure.operation === operation);
    const [failure] = at === -1 ? [] : this.failures.splice(at, 1);
    if (failure) throw failure.error;
    if (operation === 'DescribeStream') return this.#describe();
    if (operation === 'GetShardIterator') return this.#iterator(input);
    if (operation === 'GetRecords') return this.#records(String(input.ShardIterator));
    throw new Error(`${operation} is not of streams.`);
  };

  fail(operation: string, code: string): void {
    this.failures.push({ operation, error: new AwsError(code, 'as the test asked for') });
  }

  #shard(id: string): FakeShard {
    const shard = this.shards.get(id);
    if (!shard) throw new AwsError('ResourceNotFoundException', `no shard ${id}`);
    return shard;
  }

  #describe(): JsonObject {
    const Shards = [...this.shards].map(([ShardId, { parent, closed }]) => ({
      ShardId,
      ...(parent === undefined ? {} : { ParentShardId: parent }),
      SequenceNumberRange: closed ? { EndingSequenceNumber: '9' } : {},
    }));
    return { StreamDescription: { Shards } };
  }

  #iterator({ ShardId, ShardIteratorType, SequenceNumber }: JsonObject): JsonObject {
    const { keys } = this.#shard(String(ShardId));
    const after = SequenceNumber === undefined ? 0 : keys.indexOf(String(SequenceNumber)) + 1;
    return { ShardIterator: `${ShardId}:${ShardIteratorType === 'LATEST' ? keys.length : after}` };
  }

  #records(iterator: string): JsonObject {
    const [id = '', from] = iterator.split(':');
    const { keys, closed } = this.#shard(id);
    const Records = keys.slice(Number(from)).map((key) => ({
      eventName: 'INSERT',
      dynamodb: {
        SequenceNumber: key,
        ApproximateCreationDateTime: this.created.get(key) ?? Math.floor(this.#now() / 1000),
        NewImage: this.images.get(key) ?? {},
      },
    }));
    return { Records, ...(closed ? {} : { NextShardIterator: `${id}:${keys.length}` }) };
  }
}
