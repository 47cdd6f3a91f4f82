import { badArgument } from './errors.ts';
import { DELIVERIES, DUPLICATES_MS, LOCK_MS, NAME_LENGTH, TIME_TO_LIVE_MS } from './limits.ts';
import { type Filter, type Rule, readRule } from './rule.ts';

/** A topic as a template declares it. Source: https://learn.microsoft.com/azure/templates/microsoft.servicebus/namespaces/topics */
export interface TopicDefinition {
  readonly name: string;
  /** How long the ids of messages are remembered; 20 seconds to 7 days. Without it duplicates are not detected. */
  readonly duplicateDetectionMs?: number;
  readonly subscriptions: readonly SubscriptionDefinition[];
}

interface SettingsDefinition {
  readonly name: string;
  readonly requiresSession?: boolean;
  /** 5 seconds to 5 minutes; a minute unless given. */
  readonly lockMs?: number;
  /** 1 to 2,000; 10 unless given. */
  readonly maxDeliveryCount?: number;
  /** Whether a message whose time to live has passed is dead-lettered; otherwise it is dropped. */
  readonly deadLetterExpired?: boolean;
  /** How long a message lives at most, and one that does not say; forever unless given. At least a second. */
  readonly timeToLiveMs?: number;
}

/** Source: https://learn.microsoft.com/azure/templates/microsoft.servicebus/namespaces/topics/subscriptions */
export interface SubscriptionDefinition extends SettingsDefinition {
  /** A message is taken that any of them matches. Without rules every message is. */
  readonly rules?: readonly Rule[];
}

/** Source: https://learn.microsoft.com/azure/templates/microsoft.servicebus/namespaces/queues */
export interface QueueDefinition extends SettingsDefinition {
  /** As of a topic. */
  readonly duplicateDetectionMs?: number;
}

export interface Entities {
  readonly topics?: readonly TopicDefinition[];
  readonly queues?: readonly QueueDefinition[];
}

export interface QueueSettings {
  readonly requiresSession: boolean;
  readonly lockMs: number;
  readonly maxDeliveryCount: number;
  readonly deadLetterExpired: boolean;
  readonly timeToLiveMs: number | undefined;
}

export interface SubscriptionSettings extends QueueSettings {
  readonly name: string;
  readonly filters: readonly Filter[];
}

type Named = 'topic' | 'queue' | 'subscription';

/** Source: https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftservicebus */
const PATH = /^[A-Za-z0-9](?:[A-Za-z0-9._/~-]*[A-Za-z0-9])?$/;
const NAME = { topic: PATH, queue: PATH, subscription: /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/ };

/** @throws ServiceBusError for a name that Azure refuses */
export const checkName = (kind: Named, name: string): void => {
  if (NAME[kind].test(name) && name.length <= NAME_LENGTH[kind]) return;
  throw badArgument(
    `'${name}' is not a valid name of a ${kind}: at most ${NAME_LENGTH[kind]} letters, digits, periods, hyphens and underscores.`,
  );
};

const within = (
  what: string,
  value: number,
  { least, most }: { readonly least: number; readonly most: number },
): number => {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw badArgument(`${what} is ${value}; it must be a whole number from ${least} to ${most}.`);
};

/** @throws ServiceBusError for a window that Azure refuses */
export const readDuplicatesWindow = (ms: number | undefined): number | undefined =>
  ms === undefined ? undefined : within('duplicateDetectionMs', ms, DUPLICATES_MS);

/** @throws ServiceBusError for settings that Azure refuses */
export const readSettings = (definition: SettingsDefinition): QueueSettings => ({
  requiresSession: definition.requiresSession ?? false,
  lockMs: within('lockMs', definition.lockMs ?? LOCK_MS.usual, LOCK_MS),
  maxDeliveryCount: within('maxDeliveryCount', definition.maxDeliveryCount ?? DELIVERIES.usual, DELIVERIES),
  deadLetterExpired: definition.deadLetterExpired ?? false,
  timeToLiveMs: definition.timeToLiveMs && within('timeToLiveMs', definition.timeToLiveMs, TIME_TO_LIVE_MS),
});

/** @throws ServiceBusError for settings that Azure refuses */
export const readSubscription = (definition: SubscriptionDefinition): SubscriptionSettings => {
  checkName('subscription', definition.name);
  return {
    ...readSettings(definition),
    name: definition.name,
    filters: (definition.rules ?? [{ sql: '1=1' }]).map(readRule),
  };
};
