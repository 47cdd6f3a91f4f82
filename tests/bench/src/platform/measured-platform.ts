import { join } from 'node:path';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { PlatformRecord } from '@orderly/local/platform';
import { repositoryRoot } from '@orderly/local/ports';
import {
  lineWriter,
  type OwnPlatform,
  type OwnPlatformOptions,
  startOwnPlatform,
} from '@orderly/support/platform';
import { Subscription, type SubscriptionOptions } from '@orderly/support/subscriber';
import { Arrivals } from './arrivals.ts';
import { Orders } from './orders.ts';
import type { ProcessTree } from './process-tree.ts';

/** A whole platform with products to sell, and subscriptions by which the benchmark follows orders. */
export interface MeasuredPlatform {
  readonly tree: ProcessTree;
  readonly arrivals: Arrivals;
  readonly orders: Orders;
  readonly dynamodb: DynamoDBClient;
  readonly ordersTable: string;
  /** Undefined without a console. */
  readonly consoleUrl: string | undefined;
  /** From now on only confirmations and notifications are subscribed to. */
  unsubscribeLegs(): Promise<void>;
}

export interface MeasuredOptions extends Pick<OwnPlatformOptions, 'between' | 'emulators'> {
  /** Differs between the platforms of a run. */
  readonly name: string;
  /** Further subscriptions of order-events, which get every event. */
  readonly moreSubscribers?: number;
  /** Whether every event of an order's way is subscribed to. */
  readonly legs?: boolean;
  /** Whether it serves its console; true by default. */
  readonly console?: boolean;
  /** Gets the milliseconds from starting its process to its saying that it is ready. */
  readonly ready?: (ms: number) => void;
}

/** The name of the process that is started, among those of the platform. */
export const NPM_START = 'npm start, embedded AWS';

/** Where platforms write what they say, for whoever wants to know why an order was lost. */
const logFolder = join(repositoryRoot, '.orderly/bench');

/**
 * Starts a platform with products in stock, uses it, and stops it.
 *
 * @throws Error when it does not start, or refuses a product; or what `use` throws
 */
export async function onPlatform<Result>(
  options: MeasuredOptions,
  use: (platform: MeasuredPlatform) => Promise<Result>,
): Promise<Result> {
  const { name, ready, moreSubscribers: _more, legs: _legs, ...own } = options;
  const startedAt = performance.now();
  const platform = await startOwnPlatform({
    ...own,
    stage: `bench${process.pid}${name}`,
    env: { ORDERLY_CHANNEL: 'log' },
    log: lineWriter(join(logFolder, `platform-${name}.log`)),
  });
  ready?.(performance.now() - startedAt);
  const stops = [platform.stop];
  try {
    return await use(await prepare(platform, options, stops));
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function prepare(
  { record, dynamodb, queues, stage }: OwnPlatform,
  { moreSubscribers = 0, legs = false }: MeasuredOptions,
  stops: (() => Promise<void>)[],
): Promise<MeasuredPlatform> {
  const calling = new AbortController();
  stops.push(async () => calling.abort());
  const arrivals = new Arrivals();
  const open = async (options: SubscriptionOptions): Promise<Subscription> => {
    const subscription = await Subscription.open(queues, options);
    stops.push(() => subscription.stop());
    return subscription;
  };
  const watch = (topic: string, subscriber: string, event: string): Promise<Subscription> =>
    open({ topics: [topic], subscriber, events: [event], onEvent: (each) => arrivals.take(each) });

  // Before anything is published: a publisher looks for its subscriptions with its first event.
  await watch('order-events', 'bench-confirmed', 'OrderConfirmed');
  await watch('notification-events', 'bench-notified', 'NotificationSent');
  const legSubscriptions: Subscription[] = [];
  if (legs) {
    legSubscriptions.push(await watch('order-events', 'bench-placed', 'OrderPlaced'));
    legSubscriptions.push(await watch('inventory-events', 'bench-reserved', 'StockReserved'));
  }
  for (let n = 0; n < moreSubscribers; n += 1) {
    await open({ topics: ['order-events'], subscriber: `bench-more-${n}` });
  }

  const orders = new Orders(record, arrivals, calling.signal);
  await orders.stock();
  const unsubscribeLegs = async (): Promise<void> => {
    for (const subscription of legSubscriptions.splice(0)) await subscription.remove();
  };
  return {
    tree: treeOf(record),
    arrivals,
    orders,
    dynamodb,
    ordersTable: `${stage}-orders`,
    consoleUrl: record.console,
    unsubscribeLegs,
  };
}

function treeOf({ pid, services }: PlatformRecord): ProcessTree {
  const ofServices = Object.entries(services).map(([name, service]): [number, string] => [service.pid, name]);
  return { pid, names: new Map([[pid, NPM_START], ...ofServices]) };
}
