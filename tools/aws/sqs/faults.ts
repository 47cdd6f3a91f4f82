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

/** What AWS does now and then, on request. */
export class Faults {
  readonly #chance: Chance;
  readonly #pending = new Set<Pending>();
  readonly #twice = new Map<string, number>();

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

  /** Back to a kind SQS. */
  clear(): void {
    this.#pending.clear();
    this.#twice.clear();
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
  }

  isDeliveredTwice(queueName: string): boolean {
    const probability = this.#twice.get(queueName);
    return probability !== undefined && this.#chance.next() < probability;
  }
}
