import type { DeliveryOrder, HandOut } from './delivery-order.ts';
import type { Message } from './message.ts';
import { type MessageGroup, MessageGroups } from './message-group.ts';
import { PriorityQueue } from './priority-queue.ts';

const firstPosition = ({ messages }: MessageGroup): number => messages.first?.position ?? 0;

/**
 * Strict order within a message group: as many messages of one group as fit into a receive, then none of that group
 * until all of them are deleted or visible again. The group with the oldest message is first.
 * Source: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/FIFO-queues-understanding-logic.html
 */
export class FifoOrder implements DeliveryOrder {
  readonly #groups = new MessageGroups();
  readonly #available = new PriorityQueue<MessageGroup>((a, b) => firstPosition(a) < firstPosition(b));

  arrived(message: Message): void {
    const group = this.#groups.of(message);
    group.messages.append(message);
    this.#settle(group);
  }

  delayEnded(message: Message): void {
    this.#settle(this.#groups.of(message));
  }

  becameVisible(message: Message): void {
    const group = this.#groups.of(message);
    group.inFlight -= 1;
    this.#settle(group);
  }

  wasGivenBack(message: Message): void {
    this.becameVisible(message);
  }

  wentInFlight(message: Message): void {
    const group = this.#groups.of(message);
    group.inFlight += 1;
    this.#settle(group);
  }

  left(message: Message): void {
    const group = this.#groups.of(message);
    if (message.state === 'in flight') group.inFlight -= 1;
    group.messages.remove(message);
    this.#settle(group);
  }

  take(maximum: number, handOut: HandOut): void {
    let taken = 0;
    while (taken < maximum) {
      const group = this.#available.first();
      if (!group) return;
      let message = group.messages.first;
      while (message?.state === 'visible' && taken < maximum) {
        // A message that is dead-lettered leaves the list.
        const { next }: Message = message;
        if (handOut(message) === 'handed out') taken += 1;
        message = next;
      }
    }
  }

  #settle(group: MessageGroup): void {
    if (group.inFlight === 0 && group.messages.first?.state === 'visible') this.#available.set(group);
    else this.#available.delete(group);
    if (!group.messages.first) this.#groups.delete(group);
  }
}
