import type { AwsCall } from '@orderly/aws/call';
import { ReceivedEvents } from '@orderly/support/subscriber';
import { STAGE } from './stack.ts';
import type { World } from './world.ts';

export interface Manners {
  /** Milliseconds that it takes for each message. */
  readonly slowMs?: number;
  /** Probability that it does not delete what it has received. */
  readonly forgets?: number;
}

export interface SubscriberOptions {
  /** The end of the queues' names: `loyalty.fifo`, or `loyalty` for a standard queue. */
  readonly name: string;
  readonly topics: readonly string[];
  /** The names of the events that it wants; all by default. */
  readonly events?: readonly string[];
  readonly manners?: Manners;
}

interface Message {
  readonly Body: string;
  readonly ReceiptHandle: string;
}

/** Another team: queues of its own, and a program that reads them. */
export class Subscriber extends ReceivedEvents {
  readonly options: SubscriberOptions;
  readonly #world: World;
  readonly #call: AwsCall;
  #urls: readonly string[] = [];
  #reading = new AbortController();

  private constructor(world: World, call: AwsCall, options: SubscriberOptions) {
    super();
    this.#world = world;
    this.#call = call;
    this.options = options;
  }

  /** Creates its queues and reads them. */
  static async open(world: World, call: AwsCall, options: SubscriberOptions): Promise<Subscriber> {
    const subscriber = new Subscriber(world, call, options);
    await subscriber.create();
    subscriber.read();
    return subscriber;
  }

  get urls(): readonly string[] {
    return this.#urls;
  }

  /** Creates its queues. The name of a queue can be used again only a minute after it was deleted. */
  async create(): Promise<void> {
    const { name, topics, events } = this.options;
    const fifo = name.endsWith('.fifo');
    const urls: string[] = [];
    for (const topic of topics) {
      const { QueueUrl } = await this.#call('sqs', 'CreateQueue', {
        QueueName: `${STAGE}-${topic}--${name}`,
        Attributes: {
          VisibilityTimeout: '30',
          ...(fifo && {
            FifoQueue: 'true',
            DeduplicationScope: 'messageGroup',
            FifoThroughputLimit: 'perMessageGroupId',
          }),
        },
        ...(events && { tags: { 'orderly:events': events.join(' ') } }),
      });
      urls.push(String(QueueUrl));
    }
    this.#urls = urls;
  }

  /** Reads its queues until it is stopped. */
  read(): void {
    this.#reading = new AbortController();
    for (const url of this.#urls) void this.#readQueue(url, this.#reading.signal);
  }

  /** Stops receiving until the next `read`. */
  stop(): void {
    this.#reading.abort();
  }

  async deleteQueues(): Promise<void> {
    this.stop();
    for (const QueueUrl of this.#urls) await this.#call('sqs', 'DeleteQueue', { QueueUrl });
    this.#urls = [];
  }

  async #readQueue(QueueUrl: string, signal: AbortSignal): Promise<void> {
    const { scheduler, dice } = this.#world;
    const { slowMs = 0, forgets = 0 } = this.options.manners ?? {};
    while (!signal.aborted) {
      const input = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 };
      const { Messages = [] } = await this.#call('sqs', 'ReceiveMessage', input, signal);
      for (const { Body, ReceiptHandle } of Messages as readonly Message[]) {
        await scheduler.sleep(slowMs + dice.exponential(3));
        if (signal.aborted) return;
        this.take(Body);
        if (dice.chance(forgets)) continue;
        await this.#call('sqs', 'DeleteMessage', { QueueUrl, ReceiptHandle });
      }
    }
  }
}
