import type { Topic } from '@orderly/contracts';

/** Where the aggregates of a topic are stored: services/<name>/src/adapters has the keys. */
export interface TopicSource {
  /** The table's name without the stage; the service has the same. */
  readonly service: string;
  /** How the keys of aggregates begin; other items have no events. */
  readonly aggregates: readonly string[];
  /** How the key of an order's own aggregate begins; absent where none is an order's. */
  readonly ofOrder?: string;
}

export const topicSources: Readonly<Record<Topic, TopicSource>> = {
  // What is PRODUCT# in there is a replica.
  'order-events': { service: 'orders', aggregates: ['ORDER#'], ofOrder: 'ORDER#' },
  'inventory-events': {
    service: 'inventory',
    aggregates: ['PRODUCT#', 'RESERVATION#'],
    ofOrder: 'RESERVATION#',
  },
  'notification-events': { service: 'notifications', aggregates: ['ORDER#'], ofOrder: 'ORDER#' },
  'webhook-events': { service: 'webhooks', aggregates: ['ENDPOINTS'] },
};

// The keys of a literal are its own.
export const topics = Object.keys(topicSources) as readonly Topic[];

/** @returns undefined for what is no topic */
export const findTopic = (name: string): Topic | undefined => topics.find((topic) => topic === name);
