import { pause } from '../clock.ts';
import type { Checkpoints } from './checkpoints.ts';
import type { EventSourceContext } from './context.ts';
import type { StreamMapping } from './mapping.ts';
import { type Position, ShardReader } from './shard-reader.ts';
import { ShardSource } from './shard-source.ts';

const DISCOVER_EVERY_MS = 5_000;
const DISCOVER_SOON_MS = 500;

/** A shard in an answer of DescribeStream. */
interface ShardDescription {
  readonly ShardId: string;
  readonly ParentShardId?: string;
  readonly SequenceNumberRange?: { readonly EndingSequenceNumber?: string };
}

interface StreamPage {
  readonly Shards?: readonly ShardDescription[];
  readonly LastEvaluatedShardId?: string;
}

/**
 * Reads one DynamoDB stream for one function, as Lambda's event source mapping does: every shard on
 * its own, a parent before its children.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
 */
export class StreamSource {
  readonly #mapping: StreamMapping;
  readonly #context: EventSourceContext;
  readonly #checkpoints: Checkpoints;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();
  readonly #finished = new Set<string>();
  #loop: Promise<void> = Promise.resolve();
  /** An outage is logged once. */
  #unseen = false;

  constructor(mapping: StreamMapping, context: EventSourceContext) {
    this.#mapping = mapping;
    this.#context = context;
    const { checkpoints, clock } = context;
    this.#checkpoints = checkpoints.open(mapping.functionName, mapping.arn, clock.now());
  }

  /**
   * Resolves when the position in every present shard is fixed.
   * @throws when the stream does not exist
   */
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

  async #shards(): Promise<readonly ShardDescription[]> {
    const found: ShardDescription[] = [];
    let from: string | undefined;
    do {
      const input = {
        StreamArn: this.#mapping.arn,
        ...(from === undefined ? {} : { ExclusiveStartShardId: from }),
      };
      const { StreamDescription } = await this.#context.call('streams', 'DescribeStream', input);
      const page = StreamDescription as StreamPage;
      found.push(...(page.Shards ?? []));
      from = page.LastEvaluatedShardId;
    } while (from !== undefined);
    return found;
  }

  async #discover(): Promise<void> {
    const { signal } = this.#stopping;
    while (await this.#untilNextLook()) {
      try {
        await this.#startReady(await this.#shards(), 'TRIM_HORIZON');
        this.#unseen = false;
      } catch (error) {
        if (!this.#unseen && !signal.aborted) {
          this.#context.log(`${this.#mapping.functionName} cannot see its stream: ${String(error)}`);
        }
        this.#unseen = true;
      }
    }
  }

  /** A shard that ends has successors to be found. @returns false when stopping */
  async #untilNextLook(): Promise<boolean> {
    const { signal } = this.#stopping;
    const ms = this.#running.size === 0 ? DISCOVER_SOON_MS : DISCOVER_EVERY_MS;
    const over = new AbortController();
    const stop = (): void => over.abort();
    signal.addEventListener('abort', stop);
    if (signal.aborted) stop();
    await Promise.race([pause(this.#context.clock, ms, over.signal), ...this.#running.values()]);
    over.abort();
    signal.removeEventListener('abort', stop);
    return !signal.aborted;
  }

  /** Starts every shard whose parent is done or gone. */
  async #startReady(shards: readonly ShardDescription[], position: Position): Promise<void> {
    const present = new Set(shards.map(({ ShardId }) => ShardId));
    for (const { ShardId, ParentShardId, SequenceNumberRange } of shards) {
      if (this.#running.has(ShardId) || this.#finished.has(ShardId)) continue;
      const waits =
        ParentShardId !== undefined && present.has(ParentShardId) && !this.#finished.has(ParentShardId);
      // LATEST means what comes from now on: a closed shard has none of it.
      if (position === 'LATEST' && SequenceNumberRange?.EndingSequenceNumber) this.#finished.add(ShardId);
      else if (position === 'LATEST' || !waits) await this.#startShard(ShardId, position);
    }
  }

  async #startShard(shardId: string, position: Position): Promise<void> {
    const { signal } = this.#stopping;
    const done = this.#checkpoints.get(shardId);
    const shard = { streamArn: this.#mapping.arn, shardId };
    const from: Position = done === undefined ? position : { after: done };
    const reader = new ShardReader(shard, from, this.#context, signal);
    await reader.open();
    const source = new ShardSource({
      mapping: this.#mapping,
      context: this.#context,
      checkpoints: this.#checkpoints,
      reader,
      shardId,
      signal,
    });
    const run = this.#run(source, shardId).finally(() => this.#running.delete(shardId));
    this.#running.set(shardId, run);
  }
  async #run(source: ShardSource, shardId: string): Promise<void> {
    const { signal } = this.#stopping;
    try {
      if (await source.run()) this.#finished.add(shardId);
      // The runner of the functions is about to stop this, too.
      else this.#stopping.abort();
    } catch (error) {
      this.#context.log(`${this.#mapping.functionName}: ${String(error)}`);
      await pause(this.#context.clock, DISCOVER_SOON_MS, signal);
    }
  }
}
