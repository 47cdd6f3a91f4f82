import type { Clock } from '@orderly/aws/clock';
import type { Broker } from './broker.ts';
import {
  type Fields,
  flag,
  integer,
  list,
  part,
  refuseUnknown,
  requiredTexts,
  text,
  texts,
} from './fields.ts';
import { ACK_DEADLINE_SECONDS } from './limits.ts';
import type { Delivery } from './message.ts';
import { readPushConfig } from './push-settings.ts';
import { projectOf, readName, readProject } from './resource-name.ts';
import { invalidArgument, notFound, PubSubError } from './status.ts';
import type { Subscription } from './subscription.ts';
import { changeSubscription, readSubscription, showSubscription } from './subscription-settings.ts';

export interface CallContext {
  readonly broker: Broker;
  readonly clock: Clock;
  /** Aborted when the caller is gone. */
  readonly signal: AbortSignal;
}

type Operation = (input: Fields, context: CallContext) => Fields | Promise<Fields>;

/** How long a pull waits for a first message. Google says: for a bounded time. */
const PULL_WAIT_MS = 10_000;
/** Source: https://cloud.google.com/pubsub/quotas#resource_limits (a pull's answer) */
const PULL_BYTES = 10_000_000;
const PAGE = 1_000;

/** A message as receivers get it; the edges write bytes and times as their protocol has them. */
const showDelivery = ({ ackId, message, attempt }: Delivery): Fields => ({
  ackId,
  message: {
    data: message.data,
    attributes: message.attributes,
    messageId: message.id,
    publishTime: new Date(message.publishedAt),
    ...(message.orderingKey !== '' && { orderingKey: message.orderingKey }),
  },
  ...(attempt > 0 && { deliveryAttempt: attempt }),
});

export const showDeliveries = (deliveries: readonly Delivery[]): Fields =>
  deliveries.length > 0 ? { receivedMessages: deliveries.map(showDelivery) } : {};

/** A page of a list; tokens are positions. */
const page = (input: Fields, member: string, all: readonly unknown[]): Fields => {
  const start = Number(text(input, 'pageToken') || 0);
  const size = integer(input, 'pageSize') || PAGE;
  if (!Number.isSafeInteger(start) || start < 0) throw invalidArgument('The page_token is not valid.');
  if (size < 0) throw invalidArgument('The page_size is negative.');
  const end = start + size;
  return { [member]: all.slice(start, end), ...(end < all.length && { nextPageToken: String(end) }) };
};

const subscriptionOf = (input: Fields, { broker }: CallContext): Subscription =>
  broker.subscription(readName(input.subscription, 'subscriptions'));

/** @throws PubSubError FAILED_PRECONDITION where messages are pushed */
export const checkPulled = ({ settings }: Subscription): void => {
  if (settings.push)
    throw new PubSubError(
      'FAILED_PRECONDITION',
      `${settings.name} is a push subscription: nobody pulls from it.`,
    );
};

export const checkDeadline = (seconds: number): number => {
  if (seconds < 0 || seconds > ACK_DEADLINE_SECONDS.maximum)
    throw invalidArgument(`An ack deadline is 0 to ${ACK_DEADLINE_SECONDS.maximum} seconds, not ${seconds}.`);
  return seconds;
};

const pull: Operation = async (input, context) => {
  refuseUnknown('PullRequest', input, ['subscription', 'maxMessages', 'returnImmediately']);
  const subscription = subscriptionOf(input, context);
  checkPulled(subscription);
  const messages = integer(input, 'maxMessages');
  if (messages <= 0) throw invalidArgument('max_messages must be greater than 0.');
  const room = { messages, bytes: PULL_BYTES };
  const first = subscription.take(room);
  if (first.length > 0 || flag(input, 'returnImmediately')) return showDeliveries(first);
  return new Promise((done) => {
    const end = (deliveries: readonly Delivery[]): void => {
      stop();
      cancel();
      context.signal.removeEventListener('abort', abort);
      done(showDeliveries(deliveries));
    };
    const abort = (): void => end([]);
    const cancel = context.clock.after(PULL_WAIT_MS, abort);
    context.signal.addEventListener('abort', abort);
    const stop = subscription.onReady(() => {
      const deliveries = subscription.take(room);
      if (deliveries.length > 0) end(deliveries);
    });
  });
};

/**
 * The operations of Pub/Sub by the names of its RPCs. Input and output are named as in protobuf's JSON; bytes are a Buffer
 * (in, base64 will do), times are a Date.
 * Source: https://cloud.google.com/pubsub/docs/reference/rpc/google.pubsub.v1
 */
export const operations: Readonly<Record<string, Operation>> = {
  CreateTopic: (input, { broker }) => {
    refuseUnknown('Topic', input, ['name', 'labels', 'state']);
    return {
      ...broker.createTopic({ name: readName(input.name, 'topics'), labels: texts(input, 'labels') }),
    };
  },
  GetTopic: (input, { broker }) => ({ ...broker.topic(readName(input.topic, 'topics')) }),
  ListTopics: (input, { broker }) => page(input, 'topics', broker.topicsOf(readProject(input.project))),
  ListTopicSubscriptions: (input, { broker }) => {
    const { name } = broker.topic(readName(input.topic, 'topics'));
    const own = broker.subscriptions().filter(({ settings }) => settings.topic === name);
    return page(
      input,
      'subscriptions',
      own.map(({ settings }) => settings.name),
    );
  },
  DeleteTopic: (input, { broker }) => {
    broker.deleteTopic(readName(input.topic, 'topics'));
    return {};
  },
  Publish: (input, { broker }) => {
    refuseUnknown('PublishRequest', input, ['topic', 'messages']);
    return { messageIds: broker.publish(readName(input.topic, 'topics'), list(input, 'messages')) };
  },
  CreateSubscription: (input, { broker }) =>
    showSubscription(broker.createSubscription(readSubscription(input)).settings),
  GetSubscription: (input, context) => showSubscription(subscriptionOf(input, context).settings),
  UpdateSubscription: (input, { broker }) => {
    const changes = part(input, 'subscription') ?? {};
    const { settings } = broker.subscription(readName(changes.name, 'subscriptions'));
    const mask = list(input, 'updateMask').map(String);
    return showSubscription(broker.changeSubscription(changeSubscription(settings, changes, mask)).settings);
  },
  ListSubscriptions: (input, { broker }) => {
    const project = readProject(input.project);
    const own = broker.subscriptions().filter(({ settings }) => projectOf(settings.name) === project);
    return page(
      input,
      'subscriptions',
      own.map(({ settings }) => showSubscription(settings)),
    );
  },
  DeleteSubscription: (input, { broker }) => {
    broker.deleteSubscription(readName(input.subscription, 'subscriptions'));
    return {};
  },
  ModifyPushConfig: (input, context) => {
    const { settings } = subscriptionOf(input, context);
    context.broker.changeSubscription({ ...settings, push: readPushConfig(part(input, 'pushConfig')) });
    return {};
  },
  Pull: pull,
  Acknowledge: (input, context) => {
    subscriptionOf(input, context).acknowledge(requiredTexts(input, 'ackIds'));
    return {};
  },
  ModifyAckDeadline: (input, context) => {
    const subscription = subscriptionOf(input, context);
    const seconds = checkDeadline(integer(input, 'ackDeadlineSeconds'));
    subscription.modifyAckDeadline(requiredTexts(input, 'ackIds'), seconds);
    return {};
  },
};

/** @throws PubSubError as Google would, or UNIMPLEMENTED with the name of the operation */
export const call = async (name: string, input: Fields, context: CallContext): Promise<Fields> => {
  context.broker.checkAvailable();
  const operation = operations[name];
  if (!operation)
    throw new PubSubError('UNIMPLEMENTED', `The stand-in for Pub/Sub does not implement ${name}.`);
  return operation(input, context);
};

/** @throws PubSubError NOT_FOUND when it was deleted */
export const checkExists = ({ broker }: CallContext, subscription: Subscription): void => {
  const { name } = subscription.settings;
  if (!broker.subscriptions().includes(subscription)) throw notFound(name);
};
