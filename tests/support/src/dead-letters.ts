import { setTimeout as pause } from 'node:timers/promises';
import type { Message } from '@aws-sdk/client-sqs';
import type { Queues } from './queues.ts';

/** A message of a dead-letter queue. */
export interface DeadLetter {
  readonly queue: string;
  readonly body: string;
  /** The subscription that refused it, where it was parked by a publisher. */
  readonly target: string | undefined;
  readonly message: Message;
}

const COLLECT_EVERY_MS = 2_000;

/** The dead letters of a stage, taken out of their queues as they are seen: another look must not wait for them. */
export class DeadLetters {
  readonly #queues: Queues;
  #letters: readonly DeadLetter[] = [];
  #redriven = 0;

  constructor(queues: Queues) {
    this.#queues = queues;
  }

  /** How many were redriven. */
  get redriven(): number {
    return this.#redriven;
  }

  /** @returns all that were taken and not redriven */
  async take(): Promise<readonly DeadLetter[]> {
    for (const queue of await this.#queues.list('dlq--')) {
      const messages = await this.#queues.drain(queue);
      this.#letters = [...this.#letters, ...messages.map((message) => toDeadLetter(queue, message))];
    }
    return this.#letters;
  }

  /** Takes them now and then: at the end of a long run there would be too many to take at once. */
  async collect(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.take();
      await pause(COLLECT_EVERY_MS, undefined, { signal: until }).catch(() => undefined);
    }
  }

  /** Puts those that are good back into the subscriptions that they came from. */
  async redrive(isGood: (letter: DeadLetter) => boolean): Promise<void> {
    const good = (await this.take()).filter(isGood);
    this.#letters = this.#letters.filter((letter) => !isGood(letter));
    for (const { queue, body, message } of good) {
      const group = message.Attributes?.MessageGroupId;
      await this.#queues.send(queue.replace('-dlq--', '-'), body, group, `redrive-${message.MessageId}`);
    }
    this.#redriven += good.length;
  }
}

const toDeadLetter = (queue: string, message: Message): DeadLetter => ({
  queue,
  body: message.Body ?? '',
  target: message.MessageAttributes?.target?.StringValue,
  message,
});
