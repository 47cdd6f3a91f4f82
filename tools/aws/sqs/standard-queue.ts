import type { DeliveryOrder, HandOut } from './delivery-order.ts';
import type { Message } from './message.ts';
import { type MessageGroup, MessageGroups } from './message-group.ts';
import { PriorityQueue } from './priority-queue.ts';

const firstPosition = ({ messages }: MessageGroup): number => messages.first?.position ?? 0;

const isQuieter = (one: MessageGroup, other: MessageGroup): boolean =>
  one.inFlight === other.inFlight ? firstPosition(one) < firstPosition(other) : one.inFlight < other.inFlight;

/**
 * Oldest first, but a message group with fewer messages in flight before one with more: a fair queue. Messages
 * without a group count as one group that is never noisy.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-fair-queues.html
 */
export class StandardOrder implements DeliveryOrder {
  readonly #groups = new MessageGroups();
  readonly #ready = new PriorityQueue<MessageGroup>(isQuieter);

  arrived(message: Message): void {
    if (message.state === 'visible') this.#show(message, 'last');
  }

  delayEnded(message: Message): void {
    this.#show(message, 'last');
  }

  becameVisible(message: Message): void {
    this.#count(message, -1);
    this.#show(message, 'last');
  }

  wasGivenBack(message: Message): void {
    this.#count(message, -1);
    this.#show(message, 'first');
  }

  wentInFlight(message: Message): void {
    const group = this.#groups.of(message);
    group.messages.remove(message);
    this.#count(message, 1);
    this.#settle(group);
  }

  left(message: Message): void {
    const group = this.#groups.of(message);
    if (message.state === 'visible') group.messages.remove(message);
    if (message.state === 'in flight') this.#count(message, -1);
    this.#settle(group);
  }

  take(maximum: number, handOut: HandOut): void {
    let taken = 0;
    while (taken < maximum) {
      const message = this.#ready.first()?.messages.first;
      if (!message) return;
      if (handOut(message) === 'handed out') taken += 1;
    }
  }

  #count(message: Message, change: 1 | -1): void {
    const group = this.#groups.of(message);
    if (group.id !== '') group.inFlight += change;
  }

  #show(message: Message, place: 'first' | 'last'): void {
    const group = this.#groups.of(message);
    if (place === 'last') group.messages.append(message);
    else group.messages.prepend(message);
    this.#settle(group);
  }

  #settle(group: MessageGroup): void {
    if (group.messages.first) this.#ready.set(group);
    else this.#ready.delete(group);
    if (!group.messages.first && group.inFlight === 0) this.#groups.delete(group);
  }
}
