import { setTimeout as delay } from 'node:timers/promises';
import type { CloudPlatform } from '@orderly/clouds/platform';
import { createRandom, type Random } from '@orderly/support/random';
import type { ReceivedEvent } from '@orderly/support/subscriber';

/** One event of so many comes again. */
const ONE_IN = 10;
const LATER_MS = [200, 4_000] as const;
const AGAIN_MS = 200;

/** Publishes every tenth event again after a while, as a message of its own: the broker takes it for a new one. */
export class Repeats {
  readonly #platform: Pick<CloudPlatform, 'publish'>;
  readonly #random: Random;
  readonly #count: () => void;
  readonly #later = new Set<Promise<void>>();
  #events = 0;
  #active = true;

  /** @param count called for each event that was published again */
  constructor(platform: Pick<CloudPlatform, 'publish'>, seed: number, count: () => void) {
    this.#platform = platform;
    this.#random = createRandom(seed);
    this.#count = count;
  }

  /** To be called with each event when it comes for the first time. */
  onEvent(topic: string, { subject, type, body }: ReceivedEvent): void {
    this.#events += 1;
    if (this.#events % ONE_IN !== 0 || !this.#active) return;
    const repeated = this.#repeat(topic, { subject, type, body }).finally(() => this.#later.delete(repeated));
    this.#later.add(repeated);
  }

  /** Resolves when nothing more comes again. */
  async over(): Promise<void> {
    this.#active = false;
    await Promise.all(this.#later);
  }

  async #repeat(topic: string, message: Parameters<CloudPlatform['publish']>[1]): Promise<void> {
    await delay(this.#random.int(...LATER_MS));
    // The broker may be down.
    for (let isTaken = false; !isTaken; ) {
      isTaken = await this.#platform.publish(topic, message).then(
        () => true,
        () => delay(AGAIN_MS, false),
      );
    }
    this.#count();
  }
}
