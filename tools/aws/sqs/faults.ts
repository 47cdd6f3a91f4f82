import type { Chance } from '../chance.ts';
import { AwsError } from '../protocol/error.ts';

export interface Refusal {
  /** `throttle`: RequestThrottled. `fail`: ServiceUnavailable with status 503. */
  readonly with: 'throttle' | 'fail';
  /** Every operation unless given, e.g. `SendMessageBatch`. */
  readonly operation?: string;
  /** Every queue unless given. */
  readonly queueName?: string;
  /** So many calls; 1 unless given. */
  readonly times?: number;
}

interface Pending {
  readonly refusal: Refusal;
  left: number;
}

const errorFor = ({ with: kind }: Refusal): AwsError =>
  kind === 'throttle'
    ? new AwsError('RequestThrottled', 'Request throttled, because a fault was set.', {
        status: 403,
      })
    : new AwsError('ServiceUnavailable', 'Service unavailable, because a fault was set.', {
        status: 503,
      });

/** What happens to a queue while it is disturbed. */
export interface Trouble {
  /** Whether its calls are answered with 503. */
  readonly fail?: boolean;
  /** Milliseconds that messages sent to it are delayed; FIFO queues, too. */
  readonly delayMs?: number;
  /** Whether each message comes twice, as from a sender that repeats after the deduplication interval. */
  readonly duplicate?: boolean;
}

export interface Disturbance {
  /** How many calls and messages it has met. */
  readonly struck: number;
  end(): void;
}

/** What AWS does now and then, on request. */
export class Faults {
  readonly #chance: Chance;
  readonly #pending = new Set<Pending>();
  readonly #twice = new Map<string, number>();
  readonly #disturbed = new Set<{ readonly queueName: string; readonly trouble: Trouble; struck: number }>();

  constructor(chance: Chance) {
    this.#chance = chance;
  }

  /** Refuses the next calls. */
  refuse(refusal: Refusal): void {
    this.#pending.add({ refusal, left: refusal.times ?? 1 });
  }

  /**
   * Standard queues deliver at least once: has a received message stay visible.
   * @param probability 0 to 1, for each message received from the queue
   * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/standard-queues-at-least-once-delivery.html
   */
  deliverTwice(queueName: string, probability: number): void {
    this.#twice.set(queueName, probability);
  }

  /** Disturbs a queue until the end of the disturbance. */
  disturb(queueName: string, trouble: Trouble): Disturbance {
    const disturbed = { queueName, trouble, struck: 0 };
    this.#disturbed.add(disturbed);
    return {
      get struck() {
        return disturbed.struck;
      },
      end: () => void this.#disturbed.delete(disturbed),
    };
  }

  /** What a message that is sent to the queue now meets. */
  troubleOf(queueName: string): { readonly delayMs: number; readonly duplicate: boolean } {
    let delayMs = 0;
    let duplicate = false;
    for (const disturbed of this.#disturbed) {
      const { trouble } = disturbed;
      if (disturbed.queueName !== queueName || !(trouble.delayMs || trouble.duplicate)) continue;
      disturbed.struck += 1;
      delayMs = Math.max(delayMs, trouble.delayMs ?? 0);
      duplicate ||= trouble.duplicate ?? false;
    }
    return { delayMs, duplicate };
  }

  /** Back to a kind SQS. */
  clear(): void {
    this.#pending.clear();
    this.#twice.clear();
    this.#disturbed.clear();
  }

  /** @throws AwsError when this call is to be refused */
  check(operation: string, queueName: string | undefined): void {
    for (const pending of this.#pending) {
      const { refusal } = pending;
      if (refusal.operation !== undefined && refusal.operation !== operation) continue;
      if (refusal.queueName !== undefined && refusal.queueName !== queueName) continue;
      pending.left -= 1;
      if (pending.left === 0) this.#pending.delete(pending);
      throw errorFor(refusal);
    }
    for (const disturbed of this.#disturbed) {
      if (disturbed.queueName !== queueName || !disturbed.trouble.fail) continue;
      disturbed.struck += 1;
      throw errorFor({ with: 'fail' });
    }
  }

  isDeliveredTwice(queueName: string): boolean {
    const probability = this.#twice.get(queueName);
    return probability !== undefined && this.#chance.next() < probability;
  }
}
