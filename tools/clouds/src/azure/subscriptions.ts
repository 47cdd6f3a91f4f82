import {
  type CloudDeadLetter,
  type CloudMessage,
  type CloudQueue,
  type CloudWatch,
  deadLetterQueueName,
  queueName,
} from '../cloud.ts';
import type { ServicePlan } from '../service-plan.ts';
import type { Broker } from './service-bus/broker.ts';
import type { StoredMessage } from './service-bus/message.ts';
import type { MessageQueue } from './service-bus/message-queue.ts';
import type { Watch } from './service-bus/server.ts';

/** More dead letters of a subscription are not looked at. */
const LETTERS = 1_000;
const MESSAGES = 200;

/** A service's subscription to a topic. */
interface Subscribed {
  readonly stage: string;
  readonly topic: string;
  readonly consumer: string;
  readonly eventTypes: readonly string[];
  readonly maxReceiveCount: number;
}

const subscribed = ({ name, stage, functions, maxReceiveCount }: ServicePlan): readonly Subscribed[] =>
  functions.flatMap(({ trigger }) => {
    if (trigger.kind !== 'subscription') return [];
    const { topic, eventTypes } = trigger;
    return [{ stage, topic, consumer: name, eventTypes, maxReceiveCount }];
  });

const pathOf = ({ stage, topic, consumer }: Subscribed): string =>
  `${stage}-${topic}/Subscriptions/${consumer}`;

type LetterId = Pick<CloudDeadLetter, 'topic' | 'consumer' | 'messageId'>;

/** The subscriptions of the services, for people who look at them. */
export class Subscriptions {
  readonly #all: readonly Subscribed[];
  readonly #broker: () => Broker;
  /** What topics are called on every cloud, by their names here. */
  readonly #topics: ReadonlyMap<string, string>;

  constructor(plans: readonly ServicePlan[], broker: () => Broker) {
    this.#all = plans.flatMap(subscribed);
    this.#broker = broker;
    this.#topics = new Map(plans.map(({ stage, topic }) => [`${stage}-${topic}`, topic]));
  }

  /** What the broker tells of subscriptions and their dead letters, by the names of their queues. */
  watchFor({ published, message }: CloudWatch): Watch {
    const names = new Map(
      this.#all.flatMap((each) => {
        const { stage, topic, consumer } = each;
        const [path, dead] = [pathOf(each), deadLetterQueueName(stage, topic, consumer)];
        return [
          [path, queueName(stage, topic, consumer)] as const,
          [`${path}/$DeadLetterQueue`, dead] as const,
        ];
      }),
    );
    return {
      published: (name, { body }) => published(body.toString('utf8'), this.#topics.get(name) ?? name),
      message: (what, path, { messageId = '', body }, receiveCount) => {
        const queue = names.get(path);
        if (queue !== undefined)
          message({ what, queue, messageId, body: body.toString('utf8'), receiveCount });
      },
    };
  }

  queues(): readonly CloudQueue[] {
    return this.#all.map((each) => {
      const { stage, topic, consumer, eventTypes, maxReceiveCount } = each;
      const queue = this.#queueOf(each);
      const [oldest] = queue.deadLetters?.peek(0, 1) ?? [];
      const { active, locked } = queue.counts();
      // All that are locked may be before it.
      const waiting = queue.peek(0, locked + 1).find(({ lock }) => lock === undefined);
      return {
        name: queueName(stage, topic, consumer),
        deadLetterQueue: deadLetterQueueName(stage, topic, consumer),
        ...{ topic, consumer, eventTypes, maxReceiveCount },
        ...{ waiting: active, inFlight: locked },
        ...(waiting !== undefined && { oldestAt: waiting.enqueuedAt }),
        deadLetters: queue.deadLetters?.counts().active ?? 0,
        ...(oldest !== undefined && { oldestDeadLetterAt: oldest.enqueuedAt }),
      };
    });
  }

  messages(name: string): readonly CloudMessage[] {
    const each = this.#all.find(({ stage, topic, consumer }) => queueName(stage, topic, consumer) === name);
    if (each === undefined) return [];
    return this.#queueOf(each)
      .peek(0, MESSAGES)
      .map(({ content, deliveryCount, enqueuedAt, lock }) => ({
        messageId: content.messageId ?? '',
        ...(content.sessionId !== undefined && { group: content.sessionId }),
        isOut: lock !== undefined,
        failures: deliveryCount,
        sentAt: enqueuedAt,
        body: content.body.toString('utf8'),
      }));
  }

  deadLetters(): readonly CloudDeadLetter[] {
    return this.#all.flatMap((each) => this.#lettersOf(each).map((letter) => toDeadLetter(each, letter)));
  }

  redrive(id: LetterId): boolean {
    const { queue, sequenceNumber } = this.#find(id);
    return sequenceNumber !== undefined && queue?.redrive(sequenceNumber) === true;
  }

  drop(id: LetterId): boolean {
    const { queue, sequenceNumber } = this.#find(id);
    return sequenceNumber !== undefined && queue?.deadLetters?.take(sequenceNumber) !== undefined;
  }

  #queueOf(each: Subscribed): MessageQueue {
    return this.#broker().queue(pathOf(each));
  }

  #lettersOf(each: Subscribed): readonly Readonly<StoredMessage>[] {
    return this.#queueOf(each).deadLetters?.peek(0, LETTERS) ?? [];
  }

  #find({ topic, consumer, messageId }: LetterId): {
    readonly queue?: MessageQueue;
    readonly sequenceNumber?: number | undefined;
  } {
    const each = this.#all.find((one) => one.topic === topic && one.consumer === consumer);
    if (each === undefined) return {};
    const letter = this.#lettersOf(each).find(({ content }) => (content.messageId ?? '') === messageId);
    return { queue: this.#queueOf(each), sequenceNumber: letter?.sequenceNumber };
  }
}

const toDeadLetter = (
  { topic, consumer }: Subscribed,
  { content: { messageId = '', body, properties }, deliveryCount, enqueuedAt }: Readonly<StoredMessage>,
): CloudDeadLetter => ({
  ...{ topic, consumer, messageId, body: body.toString('utf8') },
  reason: [properties.DeadLetterReason, properties.DeadLetterErrorDescription].filter(Boolean).join(': '),
  failedAt: enqueuedAt,
  receives: deliveryCount,
});
