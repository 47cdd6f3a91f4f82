import type { Clock } from '@orderly/aws/clock';
import type { MessageChange } from '@orderly/aws/sqs/observation';
import { type Message, type MessageContent, readMessages } from './message.ts';
import { DELETED_TOPIC, idOf, projectOf } from './resource-name.ts';
import { alreadyExists, notFound, PubSubError } from './status.ts';
import { Subscription } from './subscription.ts';
import type { SubscriptionSettings } from './subscription-settings.ts';

export interface Topic {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Gets what happens, at once. */
export interface Watch {
  published(topic: string, message: Message): void;
  /** @param subscription its name */
  message(what: MessageChange['what'], subscription: string, message: Message, deliveries: number): void;
}

/** Topics and subscriptions in memory. It knows no protocol. */
export class Broker {
  readonly #clock: Clock;
  readonly #watch: Watch | undefined;
  readonly #topics = new Map<string, Topic>();
  readonly #subscriptions = new Map<string, Subscription>();
  readonly #watchers = new Set<() => void>();
  #messages = 0;
  #failing = false;

  constructor(clock: Clock, watch?: Watch) {
    this.#clock = clock;
    this.#watch = watch;
  }

  get isFailing(): boolean {
    return this.#failing;
  }

  /** While it fails, every call is answered with UNAVAILABLE, and nothing is pushed. */
  fail(on: boolean): void {
    this.#failing = on;
    this.#changed();
    for (const subscription of this.#subscriptions.values()) subscription.wake();
  }

  /** @throws PubSubError UNAVAILABLE while it fails */
  checkAvailable(): void {
    if (this.#failing)
      throw new PubSubError('UNAVAILABLE', 'The service is unavailable, because a fault was set.');
  }

  /** Calls back after subscriptions were made, changed or deleted, and when a fault begins or ends. */
  onChange(watcher: () => void): void {
    this.#watchers.add(watcher);
  }

  createTopic(topic: Topic): Topic {
    if (this.#topics.has(topic.name)) throw alreadyExists(topic.name);
    this.#topics.set(topic.name, topic);
    return topic;
  }

  topic(name: string): Topic {
    const topic = this.#topics.get(name);
    if (!topic) throw notFound(name);
    return topic;
  }

  /** Its subscriptions stay, with what they have. Source: https://cloud.google.com/pubsub/docs/delete-topic */
  deleteTopic(name: string): void {
    this.topic(name);
    this.#topics.delete(name);
    for (const subscription of this.#subscriptions.values()) {
      const { settings } = subscription;
      if (settings.topic === name) subscription.settings = { ...settings, topic: DELETED_TOPIC };
    }
  }

  topicsOf(project: string): readonly Topic[] {
    return [...this.#topics.values()].filter(({ name }) => projectOf(name) === project);
  }

  /** @returns the ids of the messages, in their order */
  publish(topic: string, messages: readonly unknown[]): readonly string[] {
    this.topic(topic);
    return readMessages(messages).map((content) => this.#publish(topic, content));
  }

  createSubscription(settings: SubscriptionSettings): Subscription {
    if (this.#subscriptions.has(settings.name)) throw alreadyExists(settings.name);
    this.topic(settings.topic);
    this.#checkDeadLetterTopic(settings);
    const subscription = new Subscription(settings, {
      clock: this.#clock,
      deadLetter: (source, message, attempts) => this.#deadLetter(source, message, attempts),
      note: (what, message, deliveries) => this.#watch?.message(what, settings.name, message, deliveries),
    });
    this.#subscriptions.set(settings.name, subscription);
    this.#changed();
    return subscription;
  }

  changeSubscription(settings: SubscriptionSettings): Subscription {
    this.#checkDeadLetterTopic(settings);
    const subscription = this.subscription(settings.name);
    subscription.settings = settings;
    this.#changed();
    subscription.wake();
    return subscription;
  }

  subscription(name: string): Subscription {
    const subscription = this.#subscriptions.get(name);
    if (!subscription) throw notFound(name);
    return subscription;
  }

  /** Every subscription, the oldest first. */
  subscriptions(): readonly Subscription[] {
    return [...this.#subscriptions.values()];
  }

  deleteSubscription(name: string): void {
    const subscription = this.subscription(name);
    this.#subscriptions.delete(name);
    subscription.close();
    this.#changed();
  }

  /** Ends every timer. */
  close(): void {
    for (const subscription of this.#subscriptions.values()) subscription.close();
    this.#subscriptions.clear();
    this.#changed();
  }

  #publish(topic: string, content: MessageContent): string {
    this.#messages += 1;
    const message: Message = { ...content, id: String(this.#messages), publishedAt: this.#clock.now() };
    this.#watch?.published(topic, message);
    for (const subscription of this.#subscriptions.values())
      if (subscription.settings.topic === topic) subscription.accept(message);
    return message.id;
  }

  #checkDeadLetterTopic({ deadLetter }: SubscriptionSettings): void {
    if (deadLetter) this.topic(deadLetter.topic);
  }

  /** Source: https://cloud.google.com/pubsub/docs/dead-letter-topics#how_dead_letter_topics_work */
  #deadLetter({ settings }: Subscription, message: Message, attempts: number): boolean {
    const topic = settings.deadLetter?.topic;
    if (topic === undefined || !this.#topics.has(topic)) return false;
    this.#publish(topic, {
      ...message,
      attributes: {
        ...message.attributes,
        CloudPubSubDeadLetterSourceDeliveryCount: String(attempts),
        CloudPubSubDeadLetterSourceSubscription: idOf(settings.name),
        CloudPubSubDeadLetterSourceSubscriptionProject: projectOf(settings.name),
        CloudPubSubDeadLetterSourceTopicPublishTime: new Date(message.publishedAt).toISOString(),
      },
    });
    return true;
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }
}
