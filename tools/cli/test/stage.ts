import { randomUUID } from 'node:crypto';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type CloudEvent, OrderPlaced } from '@orderly/contracts';
import { sampleEvent } from '@orderly/contracts/testing';
import { type Answer, orderly, orderlyJson } from '@orderly/support/orderly';
import { Queues } from '@orderly/support/queues';

/** A stage of its own on the emulators, with the queues that a test makes. */
export class TestStage {
  readonly name = `t${randomUUID().slice(0, 8)}`;
  readonly sqs = new SQSClient({});
  readonly #queues = new Queues(this.sqs, this.name);

  /** Runs a command on this stage. */
  orderly(...args: readonly string[]): Promise<Answer> {
    return orderly('--stage', this.name, ...args);
  }

  /** Runs a command with `--json`. @returns what it printed @throws Error unless it ends with exit code 0 */
  json<T>(...args: readonly string[]): Promise<T> {
    return orderlyJson<T>('--stage', this.name, ...args);
  }

  /** @param rest the queue's name without the stage @returns its URL */
  async createQueue(
    rest: string,
    attributes: Readonly<Record<string, string>> = {},
    tags: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const fifo = rest.endsWith('.fifo') ? { FifoQueue: 'true', DeduplicationScope: 'messageGroup' } : {};
    const { QueueUrl = '' } = await this.sqs.send(
      new CreateQueueCommand({
        QueueName: `${this.name}-${rest}`,
        Attributes: { ...fifo, ...attributes },
        tags: { ...tags },
      }),
    );
    return QueueUrl;
  }

  /** A subscription and its dead-letter queue. @param rest e.g. `order-events--inventory.fifo` */
  async createSubscription(rest: string, events?: string): Promise<{ inbox: string; dead: string }> {
    const dead = await this.createQueue(`dlq--${rest}`);
    const deadLetterTargetArn = (await this.attributes(dead)).QueueArn;
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 1 });
    const tags = events === undefined ? {} : { 'orderly:events': events };
    return { inbox: await this.createQueue(rest, { RedrivePolicy }, tags), dead };
  }

  async send(
    url: string,
    body: string,
    {
      group = 'group',
      id = randomUUID(),
      attributes = {},
    }: { group?: string; id?: string; attributes?: Readonly<Record<string, string>> } = {},
  ): Promise<string> {
    const fifo = url.endsWith('.fifo') ? { MessageGroupId: group, MessageDeduplicationId: id } : {};
    const { MessageId = '' } = await this.sqs.send(
      new SendMessageCommand({
        QueueUrl: url,
        MessageBody: body,
        ...fifo,
        MessageAttributes: Object.fromEntries(
          Object.entries(attributes).map(([name, StringValue]) => [
            name,
            { DataType: 'String', StringValue },
          ]),
        ),
      }),
    );
    return MessageId;
  }

  /** Has a consumer fail at everything that is in its queue, until the queue has given all of it up. */
  async failAll({ inbox, dead }: { inbox: string; dead: string }, messages: number): Promise<void> {
    while ((await this.messagesIn(dead)) < messages) {
      await this.sqs.send(
        new ReceiveMessageCommand({ QueueUrl: inbox, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }),
      );
    }
  }

  async messagesIn(url: string): Promise<number> {
    const { waiting, inFlight } = await this.#queues.depth(url);
    return waiting + inFlight;
  }

  /** Takes out what can be received now, in order. */
  drain(url: string): Promise<readonly Message[]> {
    return this.#queues.drain(url);
  }

  private async attributes(url: string): Promise<Readonly<Record<string, string>>> {
    const { Attributes = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }),
    );
    return Attributes;
  }
}

/** An order's event as the n-th change of it, in JSON. */
export function orderEvent(subject = 'order', sequence = 1): CloudEvent {
  return sampleEvent(OrderPlaced, { id: randomUUID(), subject, sequence });
}

export const bodiesOf = (messages: readonly Message[]): readonly (string | undefined)[] =>
  messages.map(({ Body }) => Body);
