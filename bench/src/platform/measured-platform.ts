import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createClient } from '@orderly/demo/client';
import { type PlatformRecord, type RunningPlatform, startPlatform } from '@orderly/local/platform';
import { ownPlatform } from '../../../e2e/own-platform.ts';
import { Arrivals } from './arrivals.ts';
import { Orders } from './orders.ts';
import { stockProducts } from './stock.ts';
import { type OwnSubscription, subscribe } from './subscribing.ts';

/** A whole platform with products to sell, and subscriptions by which the benchmark sees what becomes of orders. */
export interface MeasuredPlatform {
  readonly record: PlatformRecord;
  /** From starting its process to its saying that it is ready, in milliseconds. */
  readonly readyMs: number;
  readonly arrivals: Arrivals;
  readonly orders: Orders;
  readonly dynamodb: DynamoDBClient;
  /** From now on only what tells of confirmation and notification is subscribed to. */
  forgetLegs(): Promise<void>;
  stop(): Promise<void>;
}

export interface MeasuredOptions {
  /** Told apart by this from other platforms of the same run. */
  readonly name: string;
  /** Further subscriptions of order-events, which get every event. */
  readonly moreSubscribers?: number;
  /** Whether every event of an order's way is subscribed to. */
  readonly legs?: boolean;
  /** Settings of the local platform, see local/README.md. */
  readonly env?: Readonly<Record<string, string>>;
}

/** @throws Error when it does not start, or refuses a product */
export async function startMeasuredPlatform(options: MeasuredOptions): Promise<MeasuredPlatform> {
  const { name, env } = options;
  const startEnv = { ...(await ownPlatform(`bench${process.pid}${name}`)), ORDERLY_CHANNEL: 'log', ...env };
  const startedAt = performance.now();
  const platform = await startPlatform({ env: startEnv });
  const readyMs = performance.now() - startedAt;
  try {
    return await prepare(platform, readyMs, options);
  } catch (error) {
    await platform.stop();
    throw error;
  }
}

async function prepare(
  platform: RunningPlatform,
  readyMs: number,
  { moreSubscribers = 0, legs = false }: MeasuredOptions,
): Promise<MeasuredPlatform> {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const { stage, region } = platform;
  const sqs = new SQSClient({ region, credentials, endpoint: platform.sqs });
  const dynamodb = new DynamoDBClient({ region, credentials, endpoint: platform.dynamodb });
  const arrivals = new Arrivals();
  const watch = (topic: string, subscriber: string, event: string): Promise<OwnSubscription> =>
    subscribe(sqs, { stage, topic, subscriber, events: [event], onEvent: (each) => arrivals.take(each) });

  // Before anything is published: a publisher looks for its subscriptions with its first event.
  const outcomes = [
    await watch('order-events', 'bench-confirmed', 'OrderConfirmed'),
    await watch('notification-events', 'bench-notified', 'NotificationSent'),
  ];
  const legSubscriptions = legs
    ? [
        await watch('order-events', 'bench-placed', 'OrderPlaced'),
        await watch('inventory-events', 'bench-reserved', 'StockReserved'),
      ]
    : [];
  for (let n = 0; n < moreSubscribers; n += 1)
    outcomes.push(await subscribe(sqs, { stage, topic: 'order-events', subscriber: `bench-more-${n}` }));

  const forgetLegs = async (): Promise<void> => {
    for (const subscription of legSubscriptions.splice(0)) await subscription.remove();
  };
  const stop = async (): Promise<void> => {
    await Promise.all([...outcomes, ...legSubscriptions].map((subscription) => subscription.stop()));
    sqs.destroy();
    dynamodb.destroy();
    await platform.stop();
  };
  const calling = new AbortController();
  const orders = new Orders(urlOf(platform, 'orders'), arrivals, calling.signal);
  const send = createClient({ signal: calling.signal });
  await stockProducts(send, urlOf(platform, 'inventory'));
  await orders.whenProductsAreKnown();
  return { record: platform, readyMs, arrivals, orders, dynamodb, forgetLegs, stop };
}

function urlOf({ services }: PlatformRecord, name: string): string {
  const service = services[name];
  if (service === undefined) throw new Error(`The platform runs without ${name}`);
  return service.url;
}
