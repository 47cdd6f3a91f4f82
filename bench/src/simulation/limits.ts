import { quotas, times } from './assumptions.ts';
import { configurationOf } from './configuration.ts';
import { UNDECIDED_KEYS, units } from './order-tables.ts';
import { unitsFor } from './scenarios.ts';

/** How many orders a second one part takes, by arithmetic on its quota. */
export interface PartLimit {
  readonly part: string;
  readonly ordersPerSecond: number;
  readonly turn: string;
}

const perSecond = (ms: number): number => 1000 / ms;

/** Every part with a limit of its own, as `prod` is deployed into an account, the tightest first. */
export function partLimits(): readonly PartLimit[] {
  const { writeRate, consumerConcurrency, queueBatch } = configurationOf('prod');
  const { newTableUnits, tableUnits, partitionUnits, concurrency, apiRate, fifoRequests } = quotas;
  const needed = unitsFor(1);
  const placeMs = times.own.value + 2 * times.dynamodb.value;
  const reserveMs = times.sqs.value + times.own.value + times.transaction.value;
  const undecidedUnits = 2 * units.order.undecided;
  const [one, batch] = [perSecond(times.transaction.value), queueBatch * perSecond(times.transaction.value)];
  const limits: readonly PartLimit[] = [
    {
      part: 'one SKU in every order, each reserved on its own',
      ordersPerSecond: one,
      turn: 'sell it as several SKUs',
    },
    {
      part: `one SKU in every order, ${queueBatch} reserved together`,
      ordersPerSecond: Math.min(batch, (queueBatch * partitionUnits.value) / units.product),
      turn: 'sell it as several SKUs',
    },
    {
      part: 'inventory table, new',
      ordersPerSecond: newTableUnits.value / needed.inventory,
      turn: 'warm throughput, or rise slowly: at most double in 30 minutes',
    },
    { part: 'API, its route', ordersPerSecond: writeRate, turn: '`writeRate` and `writeBurst`' },
    {
      part: 'notifications table, new',
      ordersPerSecond: newTableUnits.value / needed.notifications,
      turn: 'warm throughput',
    },
    {
      part: 'orders table, new',
      ordersPerSecond: newTableUnits.value / needed.orders,
      turn: 'warm throughput',
    },
    {
      part: 'inventory table, any',
      ordersPerSecond: tableUnits.value / needed.inventory,
      turn: 'quota: table-level write throughput',
    },
    {
      part: `index \`undecided\`: ${UNDECIDED_KEYS} keys`,
      ordersPerSecond: (UNDECIDED_KEYS * partitionUnits.value) / undecidedUnits,
      turn: 'a second cell, or more keys (code)',
    },
    { part: 'API, account', ordersPerSecond: apiRate.value, turn: 'quota: throttle rate' },
    {
      part: 'orders table, any',
      ordersPerSecond: tableUnits.value / needed.orders,
      turn: 'quota: table-level write throughput',
    },
    {
      part: 'notifications table, any',
      ordersPerSecond: tableUnits.value / needed.notifications,
      turn: 'quota: table-level write throughput',
    },
    {
      part: '`follow-orders`, batches at once',
      ordersPerSecond: consumerConcurrency * queueBatch * perSecond(reserveMs),
      turn: '`consumerConcurrency`, up to 1,000',
    },
    {
      part: '`place-order`, all of the concurrency',
      ordersPerSecond: concurrency.value * perSecond(placeMs),
      turn: 'quota: concurrent executions',
    },
    {
      part: 'sends to FIFO queues, full batches',
      // OrderPlaced, StockReserved and OrderConfirmed go to one queue each.
      ordersPerSecond: (fifoRequests.value * queueBatch) / 3,
      turn: 'quota, or another region: 70,000 in N. Virginia, Oregon and Ireland',
    },
  ];
  return limits
    .map((limit) => ({ ...limit, ordersPerSecond: Math.floor(limit.ordersPerSecond) }))
    .sort((a, b) => a.ordersPerSecond - b.ordersPerSecond);
}
