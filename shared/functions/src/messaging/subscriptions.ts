import {
  ListQueuesCommand,
  ListQueueTagsCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventName, eventTypes, type Topic } from '@orderly/contracts';
import { log } from '../observability/log.ts';
import { count } from '../observability/metrics.ts';
import { isTransient } from '../retry.ts';

/** A queue that gets a topic's events. */
export interface Subscription {
  readonly url: string;
  readonly fifo: boolean;
  /** What the queue's owner asks for, as the tag says it: names or types of events; empty: all. */
  readonly events: readonly string[];
  /** Whether the queue's owner wants events of this type. */
  wants(type: string): boolean;
}

/**
 * The tag by which a queue asks for some events only: names (all versions of an event) or whole types, separated by
 * white space. No tag, nothing in it, or `all` means all. SQS takes no `*` in a tag, and 256 characters at most
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-queue-tags.html).
 */
export const eventsTag = 'orderly:events';

/** @returns the words of a tag that name no event of the topic, as far as is known here: they match nothing */
export function unknownEvents(topic: Topic, events: readonly string[]): readonly string[] {
  const types: readonly string[] = eventTypes[topic];
  return events.filter((word) => !types.some((type) => type === word || eventName(type) === word));
}

export interface Subscriptions {
  /** The topic's queues; looked up anew when the last look is older than the time to live. */
  list(): Promise<readonly Subscription[]>;
  /**
   * Whether a queue that a send found missing is gone: a look-up leaves it out, too. Then it is no subscription any
   * more, until a look-up finds it again.
   */
  isGone(url: string): Promise<boolean>;
}

interface DiscoveryOptions {
  readonly topic: Topic;
  /** How the names of its subscriptions begin. */
  readonly prefix: string;
  readonly extraUrls: readonly string[];
  readonly ttlMs: number;
}

/**
 * Finds a topic's subscriptions: every queue of this account and region whose name begins with `prefix`, and
 * `extraUrls` (queues of other accounts, whose tags cannot be read).
 *
 * A queue that was found once stays a subscription when a later look-up leaves it out, since the list of SQS may be
 * behind: only a send finds out that it is gone.
 *
 * @param ttlMs how long a look-up is good for; when the next one fails, the last one goes on being used
 * @throws the SDK's error when the very first look-up fails
 */
export function discoverSubscriptions(
  sqs: SQSClient,
  { topic, prefix, extraUrls, ttlMs }: DiscoveryOptions,
): Subscriptions {
  let known: { readonly at: number; readonly list: readonly Subscription[] } | undefined;

  async function lookUp(): Promise<readonly Subscription[]> {
    const urls = await listQueues(sqs, prefix);
    const own = await Promise.all(urls.map((url) => describeQueue(sqs, url)));
    const foreign = extraUrls.map((url) => subscription(url, undefined));
    return [...own.filter((queue) => queue !== undefined), ...foreign];
  }

  /** Also what the look-up has left out. */
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
      for (const one of found) warnOfUnknownEvents(topic, one);
      return keep(found);
    } catch (error) {
      if (known === undefined) throw error;
      log.warn('Subscriptions could not be looked up; the last ones are used', { prefix, error });
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
        log.warn('Subscriptions could not be looked up; the last ones are used', { prefix, error });
        return false;
      }
    },
  };
}

/** Words that match nothing lose events silently: it is said at every look-up, so that it shows while it is so. */
function warnOfUnknownEvents(topic: Topic, { url, events }: Subscription): void {
  const unknown = unknownEvents(topic, events);
  if (unknown.length === 0) return;
  count('UnknownEventsInTags', unknown.length);
  log.warn('A subscription asks for events that the topic does not have', { target: url, unknown });
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
 * What one queue asks for by its tag; one whose tags its owner's policy hides gets every event.
 *
 * @returns undefined for a queue that is gone
 * @throws the SDK's error when the tags cannot be read for a while
 */
export async function describeQueue(sqs: SQSClient, url: string): Promise<Subscription | undefined> {
  try {
    const { Tags } = await sqs.send(new ListQueueTagsCommand({ QueueUrl: url }));
    return subscription(url, Tags?.[eventsTag]);
  } catch (error) {
    // It was deleted between the two calls.
    if (error instanceof QueueDoesNotExist) return undefined;
    if (isTransient(error)) throw error;
    // Its owner's policy forbids it: that must not keep the topic from everybody else.
    log.warn('The tags of a subscription cannot be read; it gets every event', { target: url, error });
    return subscription(url, undefined);
  }
}

function subscription(url: string, tag: string | undefined): Subscription {
  const words = tag?.split(/\s+/).filter(Boolean) ?? [];
  const events = words.includes('all') ? [] : words;
  const asked = new Set(events);
  return {
    url,
    fifo: url.endsWith('.fifo'),
    events,
    wants: (type) => asked.size === 0 || asked.has(eventName(type)) || asked.has(type),
  };
}
