import { eventTypes as allEventTypes, type Topic } from '@orderly/contracts';
import {
  type CloudDeadLetter,
  type CloudMessage,
  type CloudQueue,
  type CloudWatch,
  deadLetterQueueName,
  queueName,
} from '../cloud.ts';
import type { FunctionPlan, ServicePlan } from '../service-plan.ts';
import { eventFilter } from './event-filter.ts';
import type { Broker, Watch } from './pubsub/broker.ts';
import type { Entry } from './pubsub/lane.ts';
import { DELIVERY_ATTEMPTS, RETENTION_SECONDS } from './pubsub/limits.ts';
import type { Message } from './pubsub/message.ts';
import { readSubscription } from './pubsub/subscription-settings.ts';

/** Whose account calls the functions, and what its tokens are for. */
export interface Caller {
  readonly serviceAccountEmail: string;
  readonly audience: string;
}

/** A subscription of a service, with its own dead-letter topic, which keeps what is put there. */
interface Subscribed {
  readonly queue: string;
  readonly deadLetterQueue: string;
  readonly topic: string;
  readonly consumer: string;
  readonly eventTypes: readonly string[];
  readonly attempts: number;
  /** The names of the subscription, and of that to the dead-letter topic. */
  readonly name: string;
  readonly kept: string;
}

type LetterId = Pick<CloudDeadLetter, 'topic' | 'consumer' | 'messageId'>;

/** What Pub/Sub adds to a message that it dead-letters. */
const ADDED = 'CloudPubSubDeadLetter';
const MESSAGES = 200;
const ATTEMPTS = `${ADDED}SourceDeliveryCount`;

/** The topics and subscriptions of the services: made in the broker, and shown to people. */
export class Subscriptions {
  readonly #project: string;
  readonly #broker: () => Broker;
  readonly #all = new Map<string, Subscribed>();
  /** The queues of dead letters, by the names of their subscriptions. */
  readonly #kept = new Map<string, string>();
  /** What topics are called on every cloud, by their names here. */
  readonly #topics = new Map<string, string>();

  constructor(project: string, broker: () => Broker) {
    this.#project = project;
    this.#broker = broker;
  }

  topicName(stage: string, topic: string): string {
    return `projects/${this.#project}/topics/${stage}-${topic}`;
  }

  createTopic({ stage, topic }: ServicePlan): void {
    const name = this.topicName(stage, topic);
    this.#topics.set(name, topic);
    this.#broker().createTopic({ name, labels: {} });
  }

  /** Creates the subscription that a function is bound to, if it is bound to one. */
  create(
    { stage, name: consumer, maxReceiveCount }: ServicePlan,
    { trigger, timeoutSeconds }: FunctionPlan,
    push: { readonly endpoint: string; readonly caller: Caller },
  ): void {
    if (trigger.kind !== 'subscription') return;
    const { topic, eventTypes } = trigger;
    const attempts = Math.max(DELIVERY_ATTEMPTS.minimum, maxReceiveCount);
    const deadLetterTopic = this.topicName(stage, `dlq--${topic}--${consumer}`);
    const subscription = (queue: string): string => `projects/${this.#project}/subscriptions/${queue}`;
    const [queue, deadLetterQueue] = [
      queueName(stage, topic, consumer),
      deadLetterQueueName(stage, topic, consumer),
    ];
    const [name, kept] = [subscription(queue), subscription(deadLetterQueue)];
    const broker = this.#broker();
    broker.createTopic({ name: deadLetterTopic, labels: {} });
    const messageRetentionDuration = `${RETENTION_SECONDS.maximum}s`;
    broker.createSubscription(
      readSubscription({ name: kept, topic: deadLetterTopic, messageRetentionDuration }),
    );
    const settings = {
      name,
      topic: this.topicName(stage, topic),
      enableMessageOrdering: true,
      ackDeadlineSeconds: timeoutSeconds + 5,
      filter: eventFilter(eventTypes, allEventTypes[topic as Topic]),
      pushConfig: { pushEndpoint: push.endpoint, oidcToken: push.caller },
      deadLetterPolicy: { deadLetterTopic, maxDeliveryAttempts: attempts },
      retryPolicy: { minimumBackoff: '1s', maximumBackoff: '60s' },
    };
    broker.createSubscription(readSubscription(settings));
    this.#kept.set(kept, deadLetterQueue);
    this.#all.set(name, { queue, deadLetterQueue, topic, consumer, eventTypes, attempts, name, kept });
  }

  /** What the broker tells of subscriptions and their dead letters, by the names of their queues. */
  watchFor({ published, message }: CloudWatch): Watch {
    return {
      published: (topic, { data }) => {
        const known = this.#topics.get(topic);
        if (known !== undefined) published(data.toString('utf8'), known);
      },
      message: (what, subscription, { id: messageId, data }, receiveCount) => {
        const queue = this.#all.get(subscription)?.queue ?? this.#kept.get(subscription);
        if (queue !== undefined)
          message({ what, queue, messageId, body: data.toString('utf8'), receiveCount });
      },
    };
  }

  queues(): readonly CloudQueue[] {
    return [...this.#all.values()].map(
      ({ queue, deadLetterQueue, topic, consumer, eventTypes, attempts, name, kept }) => {
        const { unacknowledged, outstanding } = this.#broker().subscription(name).counts;
        const letters = this.#broker().subscription(kept).messages();
        const [oldest] = this.#entriesOf(name).filter(({ state }) => state === 'waiting');
        return {
          name: queue,
          ...{ deadLetterQueue, topic, consumer, eventTypes, maxReceiveCount: attempts },
          ...{ waiting: unacknowledged - outstanding, inFlight: outstanding },
          ...(oldest !== undefined && { oldestAt: oldest.message.publishedAt }),
          deadLetters: letters.length,
          ...oldestOf(letters),
        };
      },
    );
  }

  messages(wanted: string): readonly CloudMessage[] {
    const found = [...this.#all.values()].find(({ queue }) => queue === wanted);
    if (found === undefined) return [];
    return this.#entriesOf(found.name)
      .slice(0, MESSAGES)
      .map(({ message: { id, orderingKey, publishedAt, data }, state, failures }) => ({
        messageId: id,
        ...(orderingKey !== '' && { group: orderingKey }),
        isOut: state === 'out',
        failures,
        sentAt: publishedAt,
        body: data.toString('utf8'),
      }));
  }

  deadLetters(): readonly CloudDeadLetter[] {
    return [...this.#all.values()].flatMap(({ topic, consumer, kept }) =>
      this.#broker()
        .subscription(kept)
        .messages()
        .map((message) => toDeadLetter(topic, consumer, message)),
    );
  }

  redrive(id: LetterId): boolean {
    const letter = this.#remove(id);
    const subscribed = this.#find(id);
    if (letter === undefined || subscribed === undefined) return false;
    const attributes = Object.fromEntries(
      Object.entries(letter.attributes).filter(([name]) => !name.startsWith(ADDED)),
    );
    this.#broker()
      .subscription(subscribed.name)
      .accept({ ...letter, attributes });
    return true;
  }

  drop(id: LetterId): boolean {
    return this.#remove(id) !== undefined;
  }

  /** The oldest first, of all ordering keys. */
  #entriesOf(name: string): readonly Readonly<Entry>[] {
    return this.#broker()
      .subscription(name)
      .entries()
      .toSorted((a, b) => a.message.publishedAt - b.message.publishedAt);
  }

  #find({ topic, consumer }: LetterId): Subscribed | undefined {
    return [...this.#all.values()].find((each) => each.topic === topic && each.consumer === consumer);
  }

  #remove(id: LetterId): Message | undefined {
    const subscribed = this.#find(id);
    return subscribed && this.#broker().subscription(subscribed.kept).remove(id.messageId);
  }
}

const oldestOf = (letters: readonly Message[]): Pick<CloudQueue, 'oldestDeadLetterAt'> =>
  letters.length === 0
    ? {}
    : { oldestDeadLetterAt: Math.min(...letters.map(({ publishedAt }) => publishedAt)) };

const toDeadLetter = (
  topic: string,
  consumer: string,
  { id, data, attributes, publishedAt }: Message,
): CloudDeadLetter => ({
  ...{ topic, consumer, messageId: id, body: data.toString('utf8') },
  reason: `Not acknowledged in ${attributes[ATTEMPTS]} deliveries`,
  failedAt: publishedAt,
  receives: Number(attributes[ATTEMPTS]),
});
