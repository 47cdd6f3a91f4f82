import { DeleteMessageBatchCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** An event as a subscriber of its own gets it, in the order of arrival. */
export interface ReceivedEvent {
  readonly id: string;
  readonly type: string;
  readonly source: string;
  readonly subject: string;
  readonly sequence: number;
  readonly time: string;
  /** As it came. */
  readonly body: string;
}

export const TOPICS = ['order-events', 'inventory-events', 'notification-events'] as const;

/** A subscriber that knows nothing of the platform but its queue: it writes down what comes, duplicates too. */
export class Subscriber {
  readonly events: ReceivedEvent[] = [];
  readonly #stop = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  readonly #onEvent: (event: ReceivedEvent) => void;

  constructor(onEvent: (event: ReceivedEvent) => void = () => undefined) {
    this.#onEvent = onEvent;
  }

  start(sqs: SQSClient, queueUrl: string): void {
    this.#loop = this.#receive(sqs, queueUrl);
  }

  /** Resolves when nothing more is received. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#loop;
  }

  async #receive(sqs: SQSClient, QueueUrl: string): Promise<void> {
    const abortSignal = this.#stop.signal;
    while (!abortSignal.aborted) {
      try {
        const { Messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 5 }),
          { abortSignal },
        );
        for (const { Body = '' } of Messages) this.#take(Body);
        if (Messages.length === 0) continue;
        const Entries = Messages.map(({ ReceiptHandle }, n) => ({ Id: `${n}`, ReceiptHandle }));
        await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      } catch (error) {
        if (!abortSignal.aborted && !/NonExistent|DoesNotExist/.test(String(error))) throw error;
        return;
      }
    }
  }

  #take(body: string): void {
    const { id, type, source, subject, sequence, time } = JSON.parse(body) as ReceivedEvent;
    const event = { id, type, source, subject, sequence, time, body };
    this.events.push(event);
    this.#onEvent(event);
  }
}
