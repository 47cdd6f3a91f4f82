import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import { Checkpoints } from './checkpoints.ts';
import type { StreamMapping } from './mapping.ts';
import { type Position, ShardReader } from './shard-reader.ts';
import { ShardSource } from './shard-source.ts';
import type { SourceContext } from './sqs-source.ts';
import type { Wake } from './wake.ts';

const DISCOVER_EVERY_MS = 5_000;
const DISCOVER_SOON_MS = 500;

export interface StreamContext extends SourceContext {
  readonly streams: DynamoDBStreamsClient;
  readonly region: string;
  /** Rings when a function has ended. */
  readonly wake: Wake;
  /** The folder that keeps the checkpoints. */
  readonly stateFolder: string;
}

/**
 * Reads one DynamoDB stream for one function, as Lambda's event source mapping does: every shard on
 * its own, a parent before its children.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export class StreamSource {
  readonly #mapping: StreamMapping;
  readonly #context: StreamContext;
  readonly #checkpoints: Checkpoints;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  readonly #finished = new Set<string>();
  #loop: Promise<void> = Promise.resolve();

  constructor(mapping: StreamMapping, context: StreamContext) {
    this.#mapping = mapping;
    this.#context = context;
    this.#checkpoints = new Checkpoints(context.stateFolder, mapping.functionName, mapping.arn);
  }

  /** Resolves when the position in every present shard is fixed. */
  async start(): Promise<void> {
    const fresh = !this.#checkpoints.resumed && this.#mapping.startingPosition === 'LATEST';
    const shards = await this.#shards();
    await this.#startReady(shards, fresh ? 'LATEST' : 'TRIM_HORIZON');
    this.#loop = this.#discover();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
    await Promise.all(this.#running.values());
    this.#checkpoints.save();
  }

  async #shards(): Promise<readonly Shard[]> {
    const found: Shard[] = [];
    let from: string | undefined;
    do {
      const { StreamDescription: page } = await this.#context.streams.send(
        new DescribeStreamCommand({ StreamArn: this.#mapping.arn, ExclusiveStartShardId: from }),
      );
      found.push(...(page?.Shards ?? []));
      from = page?.LastEvaluatedShardId;
    } while (from !== undefined);
    return found;
  }

  async #discover(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const ms = this.#running.size === 0 ? DISCOVER_SOON_MS : DISCOVER_EVERY_MS;
      const waited = delay(ms, undefined, { signal }).catch(() => undefined);
      // A shard that ends has successors to be found.
      await Promise.race([waited, ...this.#running.values()]);
      if (signal.aborted) return;
      try {
        await this.#startReady(await this.#shards(), 'TRIM_HORIZON');
      } catch (error) {
        this.#context.log(`${this.#mapping.functionName} cannot see its stream: ${String(error)}`);
      }
    }
  }

  /** Starts every shard whose parent is done or gone. */
  async #startReady(shards: readonly Shard[], position: Position): Promise<void> {
    const present = new Set(shards.map(({ ShardId }) => ShardId));
    for (const { ShardId, ParentShardId, SequenceNumberRange } of shards) {
      if (ShardId === undefined || this.#running.has(ShardId) || this.#finished.has(ShardId)) continue;
      const waits = present.has(ParentShardId) && !this.#finished.has(ParentShardId ?? '');
      // LATEST means what comes from now on: a closed shard has none of it.
      if (position === 'LATEST' && SequenceNumberRange?.EndingSequenceNumber) this.#finished.add(ShardId);
      else if (position === 'LATEST' || !waits) await this.#startShard(ShardId, position);
    }
  }

  async #startShard(shardId: string, position: Position): Promise<void> {
    const { streams, region, wake, log } = this.#context;
    const { signal } = this.#stopping;
    const done = this.#checkpoints.get(shardId);
    const readerOptions = { streams, streamArn: this.#mapping.arn, shardId, region, signal, wake, log };
    const reader = new ShardReader(readerOptions, done === undefined ? position : { after: done });
    await reader.open();
    const source = new ShardSource({
      mapping: this.#mapping,
      context: this.#context,
      checkpoints: this.#checkpoints,
      reader,
      shardId,
      region,
      signal,
    });
    const run = source
      .run()
      .then((finished) => {
        if (finished) this.#finished.add(shardId);
      })
      .catch((error: Error) => log(`${this.#mapping.functionName}: ${error.message}`))
      .finally(() => this.#running.delete(shardId));
    this.#running.set(shardId, run);
  }
}
