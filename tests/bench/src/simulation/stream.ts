import { times } from './assumptions.ts';
import { FunctionEnvironments } from './concurrency.ts';
import { Line } from './line.ts';
import { vary, type World } from './platform-parts.ts';

interface StreamRecord<Body> {
  readonly writtenAt: number;
  readonly body: Body;
}

interface Shard<Body> {
  readonly line: Line<StreamRecord<Body>>;
  /** When in each interval Lambda looks at it. */
  readonly phase: number;
  busy: boolean;
}

/**
 * A table's stream with the publisher behind it. Lambda looks at a shard that was empty at intervals, has one batch of
 * it at work at a time (or `parallelizationFactor`, each with keys of its own), and goes on at once while there is more.
 */
export class Stream<Body> {
  readonly publisher: FunctionEnvironments;
  readonly #world: World;
  readonly #publish: (body: Body) => void;
  readonly #shards: readonly Shard<Body>[];
  #iteratorAge = 0;

  /** @param partitions of the table: each has one open shard */
  constructor(world: World, partitions: number, publish: (body: Body) => void) {
    const { account, warmEnvironments, random, configuration } = world;
    this.#world = world;
    this.#publish = publish;
    this.publisher = new FunctionEnvironments(account, warmEnvironments);
    this.#shards = Array.from({ length: partitions * configuration.parallelizationFactor }, () => ({
      line: new Line<StreamRecord<Body>>(),
      phase: random.int(0, times.shardPoll.value - 1),
      busy: false,
    }));
  }

  get waiting(): number {
    return this.#shards.reduce((sum, { line }) => sum + line.length, 0);
  }

  /** The greatest age of a record that was read since the last call, as CloudWatch's IteratorAge has it. */
  takeIteratorAge(): number {
    const age = this.#iteratorAge;
    this.#iteratorAge = 0;
    return age;
  }

  /** @param key decides about the shard */
  append(key: number, body: Body): void {
    const shard = this.#shards[key % this.#shards.length];
    if (shard === undefined) throw new RangeError('A stream has at least one shard');
    shard.line.push({ writtenAt: this.#world.events.now, body });
    if (shard.busy) return;
    shard.busy = true;
    const sincePoll = (this.#world.events.now - shard.phase) % times.shardPoll.value;
    this.#readAfter((times.shardPoll.value - sincePoll) % times.shardPoll.value, shard);
  }

  #readAfter(delay: number, shard: Shard<Body>): void {
    this.#world.events.after(delay, () => this.#read(shard));
  }

  #read(shard: Shard<Body>): void {
    const { events, random, configuration } = this.#world;
    const coldMs = this.publisher.enter(events.now);
    if (coldMs === undefined) {
      this.#readAfter(times.throttleRetry.value, shard);
      return;
    }
    const batch = shard.line.takeUpTo(configuration.streamBatch);
    this.#iteratorAge = Math.max(this.#iteratorAge, events.now - (batch[0]?.writtenAt ?? events.now));
    // Requests of one batch go side by side, so that all of them take about as long as one: shared/lambda/src/topic-publisher.ts
    const sentMs =
      coldMs + times.own.value + batch.length * times.ownEach.value + vary(random, times.sqs.value);
    events.after(sentMs, () => {
      for (const { body } of batch) this.#publish(body);
      this.publisher.leave();
      if (shard.line.length > 0) this.#read(shard);
      else shard.busy = false;
    });
  }
}
