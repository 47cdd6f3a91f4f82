import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  paginateListQueues,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { depthOf, totalOf } from '@orderly/cli/queues/depth';
import { nameOf } from '@orderly/cli/queues/queue-name';
import { folderOf, services } from '@orderly/local/services';
import { parse } from 'yaml';
import { inParallel } from './parallel.ts';

/**
 * Every topic: each service names its own. Not from the contracts: Jest sets the e2e tests up without the paths of
 * tsconfig.json, and would look for the contracts where they are built.
 */
export const topics: readonly string[] = services.flatMap((service) => {
  const text = readFileSync(join(folderOf(service), 'serverless.yml'), 'utf8');
  // CloudFormation's tags are none of YAML.
  const yaml: unknown = parse(text, { logLevel: 'error' });
  const { topic }: { readonly topic?: string } = Object(Object(yaml).custom);
  return topic ?? [];
});

type Attributes = Readonly<Record<string, string>>;

/** Messages that wait, and messages that were received and not acknowledged. */
export interface Depth {
  readonly waiting: number;
  readonly inFlight: number;
}

/** The queues of one stage. A queue is created and found by its name without the stage, and else named by its URL. */
export class Queues {
  readonly sqs: SQSClient;
  readonly stage: string;

  constructor(sqs: SQSClient, stage: string) {
    this.sqs = sqs;
    this.stage = stage;
  }

  /** The full name of a queue: `order-events--loyalty.fifo` with the stage in front. */
  name(rest: string): string {
    return `${this.stage}-${rest}`;
  }

  /**
   * Creates a queue, which is a subscription if its name says so. A FIFO queue has high throughput, as the platform's own.
   *
   * @param events the names of the events that the subscription wants; all by default
   * @returns its URL
   */
  async create(rest: string, events: readonly string[] = []): Promise<string> {
    const Attributes = {
      FifoQueue: 'true',
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
    };
    const { QueueUrl } = await this.sqs.send(
      new CreateQueueCommand({
        QueueName: this.name(rest),
        ...(rest.endsWith('.fifo') && { Attributes }),
        ...(events.length > 0 && { tags: { 'orderly:events': events.join(' ') } }),
      }),
    );
    if (QueueUrl === undefined) throw new Error(`SQS created the queue ${rest} and gave no URL`);
    return QueueUrl;
  }

  async delete(url: string): Promise<void> {
    await this.sqs.send(new DeleteQueueCommand({ QueueUrl: url }));
  }

  async url(rest: string): Promise<string> {
    const { QueueUrl } = await this.sqs.send(new GetQueueUrlCommand({ QueueName: this.name(rest) }));
    if (QueueUrl === undefined) throw new Error(`There is no queue ${rest}`);
    return QueueUrl;
  }

  /** The URLs of the queues whose names begin so, behind the stage. */
  async list(prefix = ''): Promise<readonly string[]> {
    const urls: string[] = [];
    const pages = { client: this.sqs, pageSize: 1000 };
    for await (const page of paginateListQueues(pages, { QueueNamePrefix: this.name(prefix) }))
      urls.push(...(page.QueueUrls ?? []));
    return urls;
  }

  /** @throws Error for a queue that is gone */
  async depth(url: string): Promise<Depth> {
    const depth = await depthOf(this.sqs, url);
    if (depth === undefined) throw new Error(`There is no queue ${url}`);
    return { waiting: depth.visible + depth.delayed, inFlight: depth.inFlight };
  }

  /** Messages in the queues whose names begin so behind the stage, visible, in flight and delayed, by queue name. */
  async messages(prefix: string): Promise<ReadonlyMap<string, number>> {
    const urls = await this.list(prefix);
    const depths = await inParallel(urls, 4, (url) => depthOf(this.sqs, url));
    // Another team may remove its queue between the listing and the question.
    return new Map(urls.map((url, at) => [nameOf(url), depths[at] ? totalOf(depths[at]) : 0]));
  }

  /** Messages in the platform's own subscriptions; what other teams leave in their queues does not count. */
  async waiting(): Promise<number> {
    const own = new RegExp(`--(${services.join('|')})\\.fifo$`);
    const counts = await Promise.all(topics.map((topic) => this.messages(`${topic}--`)));
    return counts
      .flatMap((each) => [...each])
      .reduce((sum, [queue, messages]) => sum + (own.test(queue) ? messages : 0), 0);
  }

  /** Gives a queue other attributes for a while. @returns a function that gives it back those it had */
  async change(url: string, attributes: Attributes): Promise<() => Promise<void>> {
    const before = await this.#attributes(url);
    const set = async (all: Record<string, string>): Promise<void> => {
      await this.sqs.send(new SetQueueAttributesCommand({ QueueUrl: url, Attributes: all }));
    };
    await set({ ...attributes });
    return () => set(Object.fromEntries(Object.entries(before).filter(([name]) => name in attributes)));
  }

  /** Has a queue give up a message after so many tries, these seconds apart. @returns a function that undoes it */
  async giveUpAfter(
    url: string,
    deadLetters: string,
    tries: number,
    seconds = 8,
  ): Promise<() => Promise<void>> {
    const { QueueArn } = await this.#attributes(deadLetters);
    const policy = { deadLetterTargetArn: QueueArn, maxReceiveCount: tries };
    return this.change(url, { RedrivePolicy: JSON.stringify(policy), VisibilityTimeout: String(seconds) });
  }

  async #attributes(url: string): Promise<Attributes> {
    const request = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] });
    return (await this.sqs.send(request)).Attributes ?? {};
  }

  /**
   * Sends messages in one request, in order.
   *
   * @param group the group of all of them; a standard queue needs none
   * @param deduplicationId of the only message; a new one for each message by default
   */
  async send(
    url: string,
    bodies: string | readonly string[],
    group?: string,
    deduplicationId?: string,
  ): Promise<void> {
    const Entries = [bodies].flat().map((MessageBody, at) => ({
      Id: String(at),
      MessageBody,
      ...(group !== undefined && {
        MessageGroupId: group,
        // A standard queue has groups for fairness, and no deduplication.
        ...(url.endsWith('.fifo') && { MessageDeduplicationId: deduplicationId ?? randomUUID() }),
      }),
    }));
    const { Failed = [] } = await this.sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries }));
    if (Failed.length > 0) throw new Error(`SQS did not take a message: ${Failed[0]?.Message}`);
  }

  /** Takes what can be received now out of the queue. */
  async drain(url: string): Promise<readonly Message[]> {
    const all: Message[] = [];
    for (;;) {
      const messages = await takeMessages(this.sqs, url);
      if (messages.length === 0) return all;
      all.push(...messages);
    }
  }

  /** Drains every queue of the stage: SQS purges a queue only once a minute. */
  async empty(): Promise<void> {
    for (const url of await this.list()) await this.drain(url);
  }
}

/** Receives up to ten messages and acknowledges them. */
export async function takeMessages(
  sqs: SQSClient,
  QueueUrl: string,
  { waitSeconds = 0, signal }: { readonly waitSeconds?: number; readonly signal?: AbortSignal } = {},
): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: waitSeconds,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
    signal ? { abortSignal: signal } : {},
  );
  if (Messages.length === 0) return [];
  const Entries = Messages.map(({ ReceiptHandle }, at) => ({ Id: String(at), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  return Messages;
}
