import { ManualClock } from '@orderly/aws/test/manual-clock';
import { Broker } from '../../src/google/pubsub/broker.ts';
import type { Fields } from '../../src/google/pubsub/fields.ts';
import { call } from '../../src/google/pubsub/operations.ts';
import { PubSubError } from '../../src/google/pubsub/status.ts';

export const TOPIC = 'projects/orderly/topics/orders';
export const SUBSCRIPTION = 'projects/orderly/subscriptions/billing';

interface Received {
  readonly ackId: string;
  readonly deliveryAttempt?: number;
  readonly message: { readonly data: Buffer; readonly attributes: Readonly<Record<string, string>> };
}

/** The operations of Pub/Sub in this process, at a time that passes when a test says so. */
export class BrokerUnderTest {
  readonly clock = new ManualClock();
  readonly broker = new Broker(this.clock);

  call(operation: string, input: Fields): Promise<Fields> {
    const { broker, clock } = this;
    return call(operation, input, { broker, clock, signal: new AbortController().signal });
  }

  /** @returns `CODE: message` */
  async refusal(operation: string, input: Fields): Promise<string> {
    try {
      await this.call(operation, input);
    } catch (error) {
      if (error instanceof PubSubError) return `${error.status}: ${error.message}`;
      throw error;
    }
    throw new Error(`${operation} was not refused.`);
  }

  /** A topic, and a subscription to it. */
  async subscribe(settings: Fields = {}): Promise<void> {
    await this.call('CreateTopic', { name: TOPIC });
    await this.call('CreateSubscription', { name: SUBSCRIPTION, topic: TOPIC, ...settings });
  }

  async publish(texts: string, message: Fields = {}): Promise<void> {
    for (const data of texts) {
      const messages = [{ data: Buffer.from(data), ...message }];
      await this.call('Publish', { topic: TOPIC, messages });
    }
  }

  async pull(maxMessages = 100, subscription = SUBSCRIPTION): Promise<readonly Received[]> {
    const answer = await this.call('Pull', { subscription, maxMessages, returnImmediately: true });
    return (answer.receivedMessages ?? []) as readonly Received[];
  }

  /** The data of what a pull gets. */
  async pullTexts(maxMessages?: number, subscription?: string): Promise<string> {
    return (await this.pull(maxMessages, subscription))
      .map(({ message }) => message.data.toString())
      .join('');
  }

  async ack(...received: readonly (Received | undefined)[]): Promise<void> {
    const ackIds = received.map((one) => one?.ackId);
    await this.call('Acknowledge', { subscription: SUBSCRIPTION, ackIds });
  }

  async extend(seconds: number, ...received: readonly (Received | undefined)[]): Promise<void> {
    const ackIds = received.map((one) => one?.ackId);
    await this.call('ModifyAckDeadline', { subscription: SUBSCRIPTION, ackIds, ackDeadlineSeconds: seconds });
  }

  nack(...received: readonly (Received | undefined)[]): Promise<void> {
    return this.extend(0, ...received);
  }
}

type Case = (pubsub: BrokerUnderTest) => Promise<void>;

/**
 * What a page of Google's documentation says, case by case.
 * @param page of https://cloud.google.com/pubsub/docs/ unless it is a whole URL
 */
export const conforms = (page: string, cases: Readonly<Record<string, Case>>): void =>
  describe(page.startsWith('https:') ? page : `https://cloud.google.com/pubsub/docs/${page}`, () => {
    for (const [title, check] of Object.entries(cases)) it(title, () => check(new BrokerUnderTest()));
  });
