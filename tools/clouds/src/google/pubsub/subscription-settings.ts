import { type Fields, flag, integer, part, refuseUnknown, seconds, text, texts } from './fields.ts';
import { type Filter, parseFilter } from './filter.ts';
import { ACK_DEADLINE_SECONDS, BACKOFF_SECONDS, DELIVERY_ATTEMPTS, RETENTION_SECONDS } from './limits.ts';
import { type PushSettings, readPushConfig, showPushConfig } from './push-settings.ts';
import { readName } from './resource-name.ts';
import { invalidArgument } from './status.ts';

export interface RetryPolicy {
  readonly minimumSeconds: number;
  readonly maximumSeconds: number;
}

export interface DeadLetterPolicy {
  /** The full name of a topic. */
  readonly topic: string;
  readonly maxAttempts: number;
}

export interface SubscriptionSettings {
  readonly name: string;
  readonly topic: string;
  /** Undefined: receivers pull. */
  readonly push: PushSettings | undefined;
  readonly ackDeadlineSeconds: number;
  readonly retentionSeconds: number;
  readonly ordered: boolean;
  readonly filter: string;
  readonly wants: Filter;
  readonly deadLetter: DeadLetterPolicy | undefined;
  readonly retry: RetryPolicy | undefined;
  readonly labels: Readonly<Record<string, string>>;
}

const CHANGEABLE = [
  'pushConfig',
  'ackDeadlineSeconds',
  'messageRetentionDuration',
  'expirationPolicy',
  'deadLetterPolicy',
  'retryPolicy',
  'labels',
];
const FIXED = ['name', 'topic', 'enableMessageOrdering', 'filter'];

const readAckDeadline = (fields: Fields): number => {
  const { minimum, maximum, usual } = ACK_DEADLINE_SECONDS;
  const found = integer(fields, 'ackDeadlineSeconds') || usual;
  if (found < minimum || found > maximum)
    throw invalidArgument(`ackDeadlineSeconds must be between ${minimum} and ${maximum}.`);
  return found;
};

const readDeadLetter = (policy: Fields | undefined): DeadLetterPolicy | undefined => {
  if (policy === undefined || Object.keys(policy).length === 0) return undefined;
  refuseUnknown('DeadLetterPolicy', policy, ['deadLetterTopic', 'maxDeliveryAttempts']);
  const { minimum, maximum, usual } = DELIVERY_ATTEMPTS;
  const maxAttempts = integer(policy, 'maxDeliveryAttempts') || usual;
  if (maxAttempts < minimum || maxAttempts > maximum)
    throw invalidArgument(`maxDeliveryAttempts must be between ${minimum} and ${maximum}.`);
  return { topic: readName(policy.deadLetterTopic, 'topics'), maxAttempts };
};

const readRetry = (policy: Fields | undefined): RetryPolicy | undefined => {
  if (policy === undefined) return undefined;
  refuseUnknown('RetryPolicy', policy, ['minimumBackoff', 'maximumBackoff']);
  const { usualMinimum, usualMaximum } = BACKOFF_SECONDS;
  const minimumSeconds = seconds(policy, 'minimumBackoff', BACKOFF_SECONDS) ?? usualMinimum;
  const maximumSeconds = seconds(policy, 'maximumBackoff', BACKOFF_SECONDS) ?? usualMaximum;
  if (minimumSeconds > maximumSeconds) throw invalidArgument('minimumBackoff is more than maximumBackoff.');
  return { minimumSeconds, maximumSeconds };
};

/**
 * The settings of a new subscription.
 * Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions#resource:-subscription
 * @throws PubSubError INVALID_ARGUMENT, or UNIMPLEMENTED with the name of what is not implemented
 */
export const readSubscription = (fields: Fields): SubscriptionSettings => {
  // What Google only answers may be sent back to it.
  refuseUnknown('Subscription', fields, [...FIXED, ...CHANGEABLE, 'state']);
  const expiration = part(fields, 'expirationPolicy');
  if (expiration) refuseUnknown('ExpirationPolicy', expiration, []);
  const filter = text(fields, 'filter');
  return {
    name: readName(fields.name, 'subscriptions'),
    topic: readName(fields.topic, 'topics'),
    push: readPushConfig(part(fields, 'pushConfig')),
    ackDeadlineSeconds: readAckDeadline(fields),
    retentionSeconds:
      seconds(fields, 'messageRetentionDuration', RETENTION_SECONDS) ?? RETENTION_SECONDS.usual,
    ordered: flag(fields, 'enableMessageOrdering'),
    filter,
    wants: parseFilter(filter),
    deadLetter: readDeadLetter(part(fields, 'deadLetterPolicy')),
    retry: readRetry(part(fields, 'retryPolicy')),
    labels: texts(fields, 'labels'),
  };
};

/** A subscription as Google shows it. */
export const showSubscription = (settings: SubscriptionSettings): Fields => {
  const { deadLetter, retry, push } = settings;
  return {
    name: settings.name,
    topic: settings.topic,
    pushConfig: push ? showPushConfig(push) : {},
    ackDeadlineSeconds: settings.ackDeadlineSeconds,
    messageRetentionDuration: `${settings.retentionSeconds}s`,
    ...(Object.keys(settings.labels).length > 0 && { labels: settings.labels }),
    ...(settings.ordered && { enableMessageOrdering: true }),
    ...(settings.filter !== '' && { filter: settings.filter }),
    ...(deadLetter && {
      deadLetterPolicy: { deadLetterTopic: deadLetter.topic, maxDeliveryAttempts: deadLetter.maxAttempts },
    }),
    ...(retry && {
      retryPolicy: {
        minimumBackoff: `${retry.minimumSeconds}s`,
        maximumBackoff: `${retry.maximumSeconds}s`,
      },
    }),
    state: 'ACTIVE',
  };
};

/**
 * A subscription with some fields of `changes`.
 * Source: https://cloud.google.com/pubsub/docs/reference/rest/v1/projects.subscriptions/patch
 * @param mask the names of the fields to change
 */
export const changeSubscription = (
  settings: SubscriptionSettings,
  changes: Fields,
  mask: readonly string[],
): SubscriptionSettings => {
  if (mask.length === 0) throw invalidArgument('The update_mask must be specified and not be empty.');
  const fixed = mask.find((name) => !CHANGEABLE.includes(name));
  if (fixed !== undefined) throw invalidArgument(`Invalid update_mask: ${fixed} cannot be changed.`);
  const changed = Object.fromEntries(mask.map((name) => [name, changes[name]]));
  // The topic may be gone, and then has no name that could be read.
  const known = {
    ...showSubscription(settings),
    topic: `${settings.name.split('/subscriptions/')[0]}/topics/any`,
  };
  return { ...readSubscription({ ...known, ...changed }), topic: settings.topic };
};
