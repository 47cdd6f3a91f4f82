import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createClient } from '@orderly/demo/client';
import { type PlatformRecord, startPlatform } from '@orderly/local/platform';
import { repositoryRoot } from '@orderly/local/ports';
import { ownPlatform } from '../../../e2e/own-platform.ts';
import { Arrivals } from './arrivals.ts';
import { Orders } from './orders.ts';
import type { ProcessTree } from './process-tree.ts';
import { stockProducts } from './stock.ts';
import { type OwnSubscription, type SubscriptionOptions, subscribe } from './subscribing.ts';

/** A whole platform with products to sell, and subscriptions by which the benchmark sees what becomes of orders. */
export interface MeasuredPlatform {
  readonly tree: ProcessTree;
  readonly arrivals: Arrivals;
  readonly orders: Orders;
  readonly dynamodb: DynamoDBClient;
  readonly ordersTable: string;
  /** From now on only what tells of confirmation and notification is subscribed to. */
  forgetLegs(): Promise<void>;
}

export interface MeasuredOptions {
  /** Told apart by this from other platforms of the same run. */
  readonly name: string;
  /** Further subscriptions of order-events, which get every event. */
  readonly moreSubscribers?: number;
  /** Whether every event of an order's way is subscribed to. */
  readonly legs?: boolean;
  /** Gets the milliseconds from starting its process to its saying that it is ready. */
  readonly ready?: (ms: number) => void;
  /** Settings of the local platform, see local/README.md. */
  readonly env?: Readonly<Record<string, string>>;
}

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
  const { name, env, ready } = options;
  const startEnv = { ...(await ownPlatform(`bench${process.pid}${name}`)), ORDERLY_CHANNEL: 'log', ...env };
  mkdirSync(logFolder, { recursive: true });
  const file = createWriteStream(join(logFolder, `platform-${name}.log`));
  const startedAt = performance.now();
  const platform = await startPlatform({ env: startEnv, log: (line) => file.write(`${line}\n`) });
  ready?.(performance.now() - startedAt);
  const stops: (() => unknown)[] = [() => file.end(), platform.stop];
  try {
    return await use(await prepare(platform, options, stops));
  } finally {
    for (const stop of stops.reverse()) await stop();
  }
}

async function prepare(
  platform: PlatformRecord,
  { moreSubscribers = 0, legs = false }: MeasuredOptions,
  stops: (() => unknown)[],
): Promise<MeasuredPlatform> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const { stage, region } = platform;
  const sqs = new SQSClient({ region, credentials, endpoint: platform.sqs });
  const dynamodb = new DynamoDBClient({ region, credentials, endpoint: platform.dynamodb });
  const calling = new AbortController();
  stops.push(
    () => sqs.destroy(),
    () => dynamodb.destroy(),
    () => calling.abort(),
  );
  const arrivals = new Arrivals();
  const own = async (options: Omit<SubscriptionOptions, 'stage'>): Promise<OwnSubscription> => {
    const subscription = await subscribe(sqs, { stage, ...options });
    stops.push(subscription.stop);
    return subscription;
  };
  const watch = (topic: string, subscriber: string, event: string): Promise<OwnSubscription> =>
    own({ topic, subscriber, events: [event], onEvent: (each) => arrivals.take(each) });

  // Before anything is published: a publisher looks for its subscriptions with its first event.
  await watch('order-events', 'bench-confirmed', 'OrderConfirmed');
  await watch('notification-events', 'bench-notified', 'NotificationSent');
  const legSubscriptions: OwnSubscription[] = [];
  if (legs) {
    legSubscriptions.push(await watch('order-events', 'bench-placed', 'OrderPlaced'));
    legSubscriptions.push(await watch('inventory-events', 'bench-reserved', 'StockReserved'));
  }
  for (let n = 0; n < moreSubscribers; n += 1) {
    await own({ topic: 'order-events', subscriber: `bench-more-${n}` });
  }

  const orders = new Orders(urlOf(platform, 'orders'), arrivals, calling.signal);
  await stockProducts(createClient({ signal: calling.signal }), urlOf(platform, 'inventory'));
  await orders.whenProductsAreKnown();
  const forgetLegs = async (): Promise<void> => {
    for (const subscription of legSubscriptions.splice(0)) await subscription.remove();
  };
  return { tree: treeOf(platform), arrivals, orders, dynamodb, ordersTable: `${stage}-orders`, forgetLegs };
}

function treeOf({ pid, services }: PlatformRecord): ProcessTree {
  const ofServices = Object.entries(services).map(([name, service]): [number, string] => [service.pid, name]);
  return { pid, names: new Map([[pid, 'npm start, embedded AWS'], ...ofServices]) };
}

function urlOf({ services }: PlatformRecord, name: string): string {
  const service = services[name];
  if (service === undefined) throw new Error(`The platform runs without ${name}`);
  return service.url;
}
