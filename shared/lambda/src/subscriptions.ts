import {
  ListQueuesCommand,
  ListQueueTagsCommand,
  QueueDoesNotExist,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { eventName } from '@orderly/contracts';
import { log } from './log.ts';
import { isTransient } from './retry.ts';

/** A queue that gets a topic's events. */
export interface Subscription {
  readonly url: string;
  readonly fifo: boolean;
  /** Whether the queue's owner wants events of this type; all, unless the tag says otherwise. */
  wants(type: string): boolean;
}

/** The tag by which a queue asks for some events only: their names, separated by spaces. */
export const eventsTag = 'orderly:events';

export interface Subscriptions {
  /** The topic's queues; looked up anew when the last look is older than the time to live. */
  list(): Promise<readonly Subscription[]>;
  /** Looks them up now: a send has said that a queue is gone. */
  refresh(): Promise<readonly Subscription[]>;
}

/**
 * Finds a topic's subscriptions: every queue of this account and region whose name begins with `prefix`, and
 * `extraUrls` (queues of other accounts, whose tags cannot be read).
 *
 * @param ttlMs how long a look-up is good for; when the next one fails, the last one goes on being used
 * @throws the SDK's error when the very first look-up fails
 */
export function discoverSubscriptions(
  sqs: SQSClient,
  { prefix, extraUrls, ttlMs }: { prefix: string; extraUrls: readonly string[]; ttlMs: number },
): Subscriptions {
  let known: { readonly at: number; readonly list: readonly Subscription[] } | undefined;

  async function lookUp(): Promise<readonly Subscription[]> {
    const urls = await listQueues(sqs, prefix);
    const own = await Promise.all(urls.map((url) => describeQueue(sqs, url)));
    const foreign = extraUrls.map((url) => subscription(url, undefined));
    return [...own.filter((queue) => queue !== undefined), ...foreign];
  }

  async function refresh(): Promise<readonly Subscription[]> {
    try {
      known = { at: Date.now(), list: await lookUp() };
    } catch (error) {
      if (known === undefined) throw error;
      log.warn('Subscriptions could not be looked up; the last ones are used', { prefix, error });
    }
    return known.list;
  }

  return {
    refresh,
    list: async () => (known !== undefined && Date.now() - known.at < ttlMs ? known.list : refresh()),
  };
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
  const names = new Set(tag?.split(' ').filter(Boolean));
  return {
    url,
    fifo: url.endsWith('.fifo'),
    wants: (type) => names.size === 0 || names.has(eventName(type)),
  };
}
