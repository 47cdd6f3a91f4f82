import { times } from './assumptions.ts';
import { FunctionEnvironments } from './concurrency.ts';
import { FifoQueue, type Message } from './fifo-queue.ts';
import { vary, type World } from './platform-parts.ts';

/** What a consumer does with one message: how long its requests take, and what is then so. */
export interface Reaction {
  readonly ms: number;
  readonly done: () => void;
}

/** A queue and the function that consumes it: so many batches at once, each of what waits when it is received. */
export class Subscription<Body> {
  readonly queue = new FifoQueue<Body>();
  readonly consumer: FunctionEnvironments;
  readonly #world: World;
  readonly #react: (body: Body) => Reaction;
  /** Receives under way. */
  #receiving = 0;
  /** Batches at work. */
  #working = 0;
  #throttled = false;

  constructor(world: World, react: (body: Body) => Reaction) {
    this.#world = world;
    this.#react = react;
    this.consumer = new FunctionEnvironments(world.account, world.warmEnvironments);
  }

  send(group: number, body: Body): void {
    this.queue.send({ group, sentAt: this.#world.events.now, body });
    this.#receive();
  }

  /** Receives as often as what waits has to be received, and as may be at work at once. */
  #receive(): void {
    const { events, random, configuration } = this.#world;
    const { consumerConcurrency, queueBatch } = configuration;
    while (
      !this.#throttled &&
      this.#receiving + this.#working < consumerConcurrency &&
      this.#receiving * queueBatch < this.queue.waiting
    ) {
      this.#receiving += 1;
      events.after(vary(random, times.sqs.value), () => {
        this.#receiving -= 1;
        this.#consume();
      });
    }
  }

  #consume(): void {
    const { events, configuration } = this.#world;
    const coldMs = this.consumer.enter(events.now);
    if (coldMs === undefined) {
      this.#pause();
      return;
    }
    this.#working += 1;
    const batch = this.queue.receive(configuration.queueBatch);
    // Groups go side by side: shared/lambda/src/consume.ts
    const reactions = batch.map(({ body }) => this.#react(body));
    const began = coldMs + times.own.value;
    for (const { ms, done } of reactions) events.after(began + ms, done);
    events.after(began + Math.max(0, ...reactions.map(({ ms }) => ms)), () => this.#end(batch));
  }

  #pause(): void {
    this.#throttled = true;
    this.#world.events.after(times.throttleRetry.value, () => {
      this.#throttled = false;
      this.#receive();
    });
  }

  #end(batch: readonly Message<Body>[]): void {
    this.queue.delete(batch);
    this.consumer.leave();
    this.#working -= 1;
    this.#receive();
  }
}
