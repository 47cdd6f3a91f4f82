import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { tokenSource } from '@orderly/local/issuer';
import type { PlatformRecord } from '@orderly/local/platform';
import { localClients } from '@orderly/local/testing';
import { clientOf } from '@orderly/support/client';
import { Driver } from '@orderly/support/driver';
import { type Evidence, type ProductItem, readTables } from '@orderly/support/evidence';
import type { Lease } from '@orderly/support/platform';
import { Queues } from '@orderly/support/queues';
import { awaitQuiet, settle } from '@orderly/support/quiet';
import { Subscription } from '@orderly/support/subscriber';
import { settleVerdict, type Verdict } from '@orderly/support/verdict';
import { type Placing, placeOrders } from './placing.ts';
import { registerProducts } from './registering.ts';
import type { RunSettings, Session } from './session.ts';
import { planStock } from './stock-plan.ts';

export interface RunResult extends Verdict {
  readonly placing: Placing;
}

/** A running publisher looks for new subscriptions every second; twice that is on the safe side. */
const DISCOVERY_MS = 2_000;

/** What the demo does, as somebody who may act for every customer. */
const scope = 'orders:admin inventory:write inventory:read';

/** Sends the workload through the platform, waits until all is quiet, and checks what came out. */
export const runWorkload = async (
  { record, startedHere }: Lease,
  settings: RunSettings,
): Promise<RunResult> => {
  const { dynamodb, sqs } = localClients(record, record.region);
  const queues = new Queues(sqs, record.stage);
  const run = randomUUID().slice(0, 8);
  const subscription = await Subscription.open(queues, { subscriber: `demo-${run}.fifo` });
  try {
    // A platform that has just been started has sent nothing yet: it looks for subscriptions with its first event.
    if (!startedHere) await awaitReady(queues, settings);
    const deadLettersBefore = await queues.messages('dlq--');
    const skus = new Set(settings.workload.catalogue.map(({ sku }) => sku));
    const read = (isOrder: (orderId: string) => boolean) =>
      readTables(dynamodb, record.stage, {
        isOrder: ({ orderId }) => isOrder(orderId),
        isProduct: (sku) => skus.has(sku),
      });
    const { products } = await read(() => false);
    const before = new Map(products.map((product): [string, ProductItem] => [product.sku, product]));
    const driver = driverOf(record, settings);
    const collect = async (): Promise<Evidence> => {
      // Events before tables: what was published has happened, and not the other way round.
      const [events, garbage] = [[...subscription.events], [...subscription.garbage]];
      const waiting = await queues.waiting();
      const left = [...(await queues.messages('dlq--'))];
      return {
        accepted: driver.accepted,
        before,
        ...(await read((orderId) => driver.accepted.orders.has(orderId))),
        events,
        garbage,
        mails: undefined,
        deadLetters: [],
        deadLettersLeft: new Map(left.map(([name, n]) => [name, n - (deadLettersBefore.get(name) ?? 0)])),
        waiting,
        poison: [],
      };
    };
    return await drive({ ...settings, run, driver, received: subscription, collect });
  } finally {
    await subscription.remove();
    sqs.destroy();
    dynamodb.destroy();
  }
};

const awaitReady = async (queues: Queues, { signal, stallMs, log }: RunSettings): Promise<void> => {
  const subscribedAt = Date.now();
  if (!(await awaitQuiet(queues, { signal, stallMs })))
    log('The queues did not run empty in time; going on.');
  await pause(Math.max(0, subscribedAt + DISCOVERY_MS - Date.now()), undefined, { signal });
};

const driverOf = (
  record: PlatformRecord,
  { concurrency, signal, stallMs }: Pick<RunSettings, 'concurrency' | 'signal' | 'stallMs'>,
): Driver => {
  const { issuer } = record;
  const token = issuer === undefined ? undefined : tokenSource(issuer, { sub: 'demo', scope });
  const client = clientOf(record, { signal, token, retryForMs: stallMs });
  return new Driver({ client, concurrency, signal, knownWithinMs: stallMs });
};

/** Registers the products, sends the workload, waits until every order is decided, and judges. */
export const drive = async (session: Session): Promise<RunResult> => {
  const { workload, concurrency, collect, log } = session;
  log(`Registering ${workload.catalogue.length} products.`);
  await registerProducts(session, workload.catalogue, stockTarget(session));

  log(`Placing ${workload.orders.length} orders, ${concurrency} at once.`);
  const placing = await placeAndDecide(session);

  log('Checking what came out, until events, notifications and stock have settled.');
  return { placing, ...(await settleVerdict({ ...session, collect })) };
};

const stockTarget = ({ workload, stock }: RunSettings): ((sku: string) => number) => {
  if (stock !== undefined) return () => stock;
  const plan = planStock(workload.orders, workload.cancelled);
  return (sku) => plan.get(sku) ?? 0;
};

const placeAndDecide = async (session: Session): Promise<Placing> => {
  const { workload, progress, driver, received, signal, stallMs } = session;
  const { orders } = driver.accepted;
  const show = (): void => progress.update(received.decided.size, orders.size);
  const ticking = setInterval(show, 200);
  progress.start(workload.orders.length);
  try {
    const placing = await placeOrders(session, workload.steps);
    const undecided = (): number => [...orders.keys()].filter((id) => !received.decided.has(id)).length;
    await settle(undecided, { signal, stallMs });
    show();
    return placing;
  } finally {
    clearInterval(ticking);
    progress.stop();
  }
};
