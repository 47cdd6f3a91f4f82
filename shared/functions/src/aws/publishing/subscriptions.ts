import {
  ListQueuesCommand,
  ListQueueTagsCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventName } from '@orderly/contracts';
import { log } from '../../observability/log.ts';
import { count } from '../../observability/metrics.ts';
import { eventsTag } from '../../project.ts';
import { isTransient } from '../../retry.ts';

/** A queue that receives a topic's events. */
export interface Subscription {
  readonly url: string;
  readonly fifo: boolean;
  /** The names or types of events in the queue's tag `eventsTag`; empty: all. */
  readonly events: readonly string[];
  /** Whether the tag selects events of this type. */
  wants(type: string): boolean;
}

/**
 * @param eventTypes the types of the topic's events
 * @param events the words of a tag
 * @returns the words that select none of these types
 */
export function unknownEvents(eventTypes: readonly string[], events: readonly string[]): readonly string[] {
  return events.filter((word) => !eventTypes.some((type) => type === word || eventName(type) === word));
}

export interface Subscriptions {
  /** The topic's queues. Looks them up if the last look-up is older than the time to live. */
  list(): Promise<readonly Subscription[]>;
  /**
   * Whether a queue that a send did not find is gone. Looks it up, and if that does not find it either, the queue is no
   * subscription until a later look-up finds it.
   */
  isGone(url: string): Promise<boolean>;
}

interface DiscoveryOptions {
  /** How the names of the topic's subscriptions begin. */
  readonly prefix: string;
  /** The types of the topic's events. */
  readonly eventTypes: readonly string[];
  readonly extraUrls: readonly string[];
  readonly ttlMs: number;
}

/**
 * Finds a topic's subscriptions: every queue of this account and region whose name begins with `prefix`, and
 * `extraUrls` (queues of other accounts, whose tags cannot be read: they receive every event).
 *
 * A queue that was found once stays a subscription when a later look-up does not list it, since the list of SQS may be
 * out of date: only a send shows that a queue is gone.
 *
 * @param ttlMs how long a look-up is valid, in milliseconds; while the next one fails, the last one stays in use for as long
 * again
 * @returns an object whose `list` rejects with the SDK's error while no such look-up is at hand: then events wait in their
 * stream, and a queue that was created meanwhile gets them
 */
export function discoverSubscriptions(
  sqs: SQSClient,
  { prefix, eventTypes, extraUrls, ttlMs }: DiscoveryOptions,
): Subscriptions {
  let known: { readonly at: number; readonly list: readonly Subscription[] } | undefined;

  async function lookUp(): Promise<readonly Subscription[]> {
    const urls = await listQueues(sqs, prefix);
    const own = await Promise.all(urls.map((url) => describeQueue(sqs, url)));
    const foreign = extraUrls.map((url) => subscription(url, undefined));
    return [...own.filter((queue) => queue !== undefined), ...foreign];
  }

  /** Keeps known queues that the look-up has not listed. */
  function keep(found: readonly Subscription[]): readonly Subscription[] {
    const urls = new Set(found.map(({ url }) => url));
    const leftOut = known?.list.filter(({ url }) => !urls.has(url)) ?? [];
    const list = [...found, ...leftOut];
    known = { at: Date.now(), list };
    return list;
  }

  async function refresh(): Promise<readonly Subscription[]> {
    try {
      const found = await lookUp();
      for (const one of found) warnOfUnknownEvents(eventTypes, one);
      return keep(found);
    } catch (error) {
      if (known === undefined || Date.now() - known.at >= 2 * ttlMs) throw error;
      log.warn(lookUpFailed, { prefix, error });
      return known.list;
    }
  }

  return {
    list: async () => (known !== undefined && Date.now() - known.at < ttlMs ? known.list : refresh()),
    async isGone(url) {
      try {
        const found = await lookUp();
        if (found.some((one) => one.url === url)) return false;
        known = { at: known?.at ?? 0, list: known?.list.filter((one) => one.url !== url) ?? [] };
        return true;
      } catch (error) {
        log.warn(lookUpFailed, { prefix, error });
        return false;
      }
    },
  };
}

const lookUpFailed = 'Subscriptions could not be looked up; the last ones are used';

/** A misspelt word loses events silently, so every look-up logs it as long as it is there. */
function warnOfUnknownEvents(eventTypes: readonly string[], { url, events }: Subscription): void {
  const unknown = unknownEvents(eventTypes, events);
  if (unknown.length === 0) return;
  count('UnknownEventsInTags', unknown.length);
  log.warn('A subscription selects events that the topic does not have', { target: url, unknown });
}

/** The URLs of every queue of this account and region whose name begins with `prefix`. */
export async function listQueues(sqs: SQSClient, prefix: string): Promise<string[]> {
  const urls: string[] = [];
  let token: string | undefined;
  do {
    const page = await sqs.send(
      new ListQueuesCommand({
        QueueNamePrefix: prefix,
        MaxResults: 1000,
        ...(token && { NextToken: token }),
      }),
    );
    urls.push(...(page.QueueUrls ?? []));
    token = page.NextToken;
  } while (token);
  return urls;
}

/**
 * Reads a queue's tag. A queue whose policy forbids that receives every event.
 *
 * @returns undefined for a queue that is gone
 * @throws the SDK's transient errors
 */
export async function describeQueue(sqs: SQSClient, url: string): Promise<Subscription | undefined> {
  try {
    const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }));
    return subscription(url, Tags?.[eventsTag]);
  } catch (error) {
    // Deleted since it was listed.
    if (error instanceof QueueDoesNotExist) return undefined;
    if (isTransient(error)) throw error;
    // One queue's policy must not stop the topic for all others.
    log.warn('The tags of a subscription cannot be read; it receives every event', { target: url, error });
    return subscription(url, undefined);
  }
}

function subscription(url: string, tag: string | undefined): Subscription {
  const words = tag?.split(/\s+/).filter(Boolean) ?? [];
  const events = words.includes('all') ? [] : words;
  const selected = new Set(events);
  return {
    url,
    fifo: url.endsWith('.fifo'),
    events,
    wants: (type) => selected.size === 0 || selected.has(eventName(type)) || selected.has(type),
  };
}
