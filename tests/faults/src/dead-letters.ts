import { setTimeout as delay } from 'node:timers/promises';
import {
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { listQueues } from '@orderly/functions/messaging/subscriptions';

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
  readonly #sqs: SQSClient;
  readonly #stage: string;
  #letters: readonly DeadLetter[] = [];
  #redriven = 0;

  constructor(sqs: SQSClient, stage: string) {
    this.#sqs = sqs;
    this.#stage = stage;
  }

  /** How many were put back. */
  get redriven(): number {
    return this.#redriven;
  }

  /** @returns all that were taken and not put back */
  async take(): Promise<readonly DeadLetter[]> {
    const taken = await takeFrom(this.#sqs, await listQueues(this.#sqs, `${this.#stage}-dlq--`));
    this.#letters = [...this.#letters, ...taken];
    return this.#letters;
  }

  /** Takes them now and then: at the end of a long run there would be too many to take at once. */
  async collect(until: AbortSignal): Promise<void> {
    while (!until.aborted) {
      await this.take();
      await delay(COLLECT_EVERY_MS, undefined, { signal: until }).catch(() => undefined);
    }
  }

  /** Puts those that are good back into the subscriptions that they came from. */
  async redrive(isGood: (letter: DeadLetter) => boolean): Promise<void> {
    const good = (await this.take()).filter(isGood);
    this.#letters = this.#letters.filter((letter) => !isGood(letter));
    for (const { queue, body, message } of good) {
      await this.#sqs.send(
        new SendMessageCommand({
          QueueUrl: queue.replace('-dlq--', '-'),
          MessageBody: body,
          MessageGroupId: message.Attributes?.MessageGroupId,
          MessageDeduplicationId: `redrive-${message.MessageId}`,
        }),
      );
    }
    this.#redriven += good.length;
  }
}

async function takeFrom(sqs: SQSClient, queues: readonly string[]): Promise<readonly DeadLetter[]> {
  const letters: DeadLetter[] = [];
  for (const queue of queues) {
    for (;;) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl: queue,
          MaxNumberOfMessages: 10,
          MessageAttributeNames: ['All'],
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) break;
      letters.push(...Messages.map((message) => toDeadLetter(queue, message)));
      const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries }));
    }
  }
  return letters;
}

function toDeadLetter(queue: string, message: Message): DeadLetter {
  const { Body: body = '', MessageAttributes } = message;
  return { queue, body, target: MessageAttributes?.target?.StringValue, message };
}
