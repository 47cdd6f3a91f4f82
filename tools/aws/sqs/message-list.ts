import type { Message } from './message.ts';

/** Messages in order. A message is in one list at a time; adding and removing take constant time. */
export class MessageList {
  #first: Message | undefined;
  #last: Message | undefined;

  get first(): Message | undefined {
    return this.#first;
  }

  append(message: Message): void {
    message.previous = this.#last;
    message.next = undefined;
    if (this.#last) this.#last.next = message;
    else this.#first = message;
    this.#last = message;
  }

  prepend(message: Message): void {
    message.previous = undefined;
    message.next = this.#first;
    if (this.#first) this.#first.previous = message;
    else this.#last = message;
    this.#first = message;
  }

  remove(message: Message): void {
    const { previous, next } = message;
    if (previous) previous.next = next;
    else if (this.#first === message) this.#first = next;
    if (next) next.previous = previous;
    else if (this.#last === message) this.#last = previous;
    message.previous = undefined;
    message.next = undefined;
  }
}
