import { randomUUID } from 'node:crypto';
import { SQSClient } from '@aws-sdk/client-sqs';
import { createApi } from './api.ts';
import { type Check, checkEvidence } from './check.ts';
import { createClient } from './client.ts';
import { type Placing, placeOrders } from './placing.ts';
import type { Lease } from './platform.ts';
import type { Progress } from './progress.ts';
import { messagesIn } from './queues.ts';
import { registerProducts } from './registering.ts';
import type { Session } from './session.ts';
import {
  awaitEvents,
  awaitFinal,
  awaitNotifications,
  awaitQuiet,
  awaitStock,
  readNotifications,
  refresh,
} from './settling.ts';
import { planStock } from './stock-plan.ts';
import { type Subscription, subscribe } from './subscription.ts';
import type { Workload } from './workload.ts';

export interface RunSettings {
  readonly workload: Workload;
  /** Pieces that each product starts with; undefined: enough for about nine orders in ten. */
  readonly stock: number | undefined;
  readonly concurrency: number;
  /** Milliseconds without progress after which what is still open counts as lost. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
  readonly progress: Progress;
  readonly log: (line: string) => void;
}

/** What a run found out, for the summary. */
export interface RunResult {
  readonly placing: Placing;
  readonly notifications: ReadonlyMap<string, readonly { readonly kind: string; readonly status: string }[]>;
  readonly events: Readonly<Record<string, number>>;
  readonly duplicateDeliveries: number;
  /** Messages that came to dead-letter queues during the run. */
  readonly deadLetters: number;
  readonly checks: readonly Check[];
}

/** Sends the workload through the platform, waits until all is quiet, and checks what came out. */
export const runWorkload = async (lease: Lease, settings: RunSettings): Promise<RunResult> => {
  const { platform } = lease;
  const sqs = new SQSClient({
    endpoint: platform.sqs,
    region: platform.region,
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const run = randomUUID().slice(0, 8);
  try {
    const subscription = await subscribe(sqs, platform.stage, run);
    try {
      return await drive({ ...settings, lease, sqs, run, subscription });
    } finally {
      await subscription.close();
    }
  } finally {
    sqs.destroy();
  }
};

/** A running publisher looks for new subscriptions every second; twice that is on the safe side. */
const DISCOVERY_MS = 2_000;

interface Drive extends RunSettings {
  readonly lease: Lease;
  readonly sqs: SQSClient;
  readonly run: string;
  readonly subscription: Subscription;
}

const drive = async (settings: Drive): Promise<RunResult> => {
  const { workload, lease, sqs, subscription, log } = settings;
  const { stage } = lease.platform;
  const session = createSession(settings);
  const countDeadLetters = (): Promise<Map<string, number>> => messagesIn(sqs, `${stage}-dlq--`);
  const awaitQuietNow = async (): Promise<void> => {
    if (!(await awaitQuiet(sqs, stage, session))) log('The queues did not run empty in time; going on.');
  };

  if (!lease.startedHere) await awaitQuietNow();
  const deadLettersBefore = await countDeadLetters();

  log(`Registering ${workload.catalogue.length} products.`);
  const stockBefore = await registerProducts(session, workload.catalogue, stockTarget(settings));

  log(`Placing ${workload.orders.length} orders, ${settings.concurrency} at once.`);
  const placing = await placeAndSettle(session, settings);
  const { placed } = placing;

  log('Waiting for events, notifications and stock to settle.');
  await awaitEvents(session, placed);
  await awaitNotifications(session, placed);
  await awaitStock(session, stockBefore, placed);
  await awaitQuietNow();

  log('Checking what came out.');
  await refresh(session, placed);
  const notifications = await readNotifications(session, placed);
  const deadLettersAfter = await countDeadLetters();
  return {
    placing,
    notifications,
    events: subscription.counts(),
    duplicateDeliveries: subscription.duplicates(),
    deadLetters: total(deadLettersAfter) - total(deadLettersBefore),
    checks: checkEvidence({
      placed,
      lost: placing.lost,
      stockBefore,
      stockAfter: await session.api.stock(),
      notifications,
      deadLettersBefore,
      deadLettersAfter,
      hasEvent: subscription.has,
      garbage: subscription.garbage,
    }),
  };
};

const createSession = ({ lease, run, subscription, concurrency, signal, stallMs }: Drive): Session => {
  const { orders, inventory, notifications } = lease.platform.services;
  const urls = { orders: orders.url, inventory: inventory.url, notifications: notifications.url };
  const api = createApi(createClient({ signal, deadlineMs: stallMs, token: lease.platform.token }), urls);
  // A platform that has just been started has sent nothing yet: it looks for subscriptions with its first event.
  const discoveryMs = lease.startedHere ? 0 : DISCOVERY_MS;
  return { run, api, subscription, concurrency, signal, stallMs, discoveryMs };
};

const stockTarget = ({ workload, stock }: RunSettings): ((sku: string) => number) => {
  if (stock !== undefined) return () => stock;
  const plan = planStock(workload.orders, workload.cancelled);
  return (sku) => plan.get(sku) ?? 0;
};

const placeAndSettle = async (session: Session, { workload, progress }: RunSettings): Promise<Placing> => {
  let accepted = 0;
  const show = (): void => progress.update(session.subscription.decidedOrders(), accepted);
  const ticking = setInterval(show, 200);
  progress.start(workload.orders.length);
  try {
    const placing = await placeOrders(session, workload.steps, () => {
      accepted += 1;
    });
    await awaitFinal(session, placing.placed);
    show();
    return placing;
  } finally {
    clearInterval(ticking);
    progress.stop();
  }
};

const total = (messages: ReadonlyMap<string, number>): number =>
  [...messages.values()].reduce((sum, n) => sum + n, 0);
