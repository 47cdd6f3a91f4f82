import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { quotas, times } from './assumptions.ts';

/** How many orders a second one part takes, by arithmetic on its quota. */
export interface PartLimit {
  readonly part: string;
  readonly ordersPerSecond: number;
  readonly turn: string;
}

interface Stage {
  /** Requests a second that API Gateway lets through to place-order. */
  readonly writeRate: number;
  /** Batches of a subscription that are at work at once. */
  readonly consumerConcurrency: number;
}

function read<Yaml>(name: string): Yaml {
  const file = resolve(__dirname, '../../../../shared/serverless', name);
  return parse(readFileSync(file, 'utf8'), { logLevel: 'silent' });
}

/** What a stage is deployed with. */
export function configurationOf(stage: string): Stage & { readonly queueBatch: number } {
  const stages = read<{ readonly default: Stage } & Readonly<Record<string, Partial<Stage>>>>('stages.yml');
  const { events } = read<{ events: readonly [{ sqs: { batchSize: number } }] }>('consumer.yml');
  return { ...stages.default, ...stages[stage], queueBatch: events[0].sqs.batchSize };
}

/** services/orders/src/adapters/order-table.ts */
const UNDECIDED_KEYS = 16;
const PRODUCT_UNITS = 2;

/** Write units of each table that an order of three lines takes, as `npm run cost` counts them: docs/cost.md */
const needed = {
  // Placed and confirmed.
  orders: 2 + 2,
  // The reservation and its products, in a transaction, which takes each twice.
  inventory: 4 + 3 * PRODUCT_UNITS,
  // Pending and sent.
  notifications: 1 + 2,
};

const tableLimits: readonly PartLimit[] = Object.entries(needed).flatMap(([table, units]) => [
  {
    part: `${table} table, new`,
    ordersPerSecond: quotas.newTableUnits.value / units,
    turn: 'warm throughput, or rise slowly: at most double in 30 minutes',
  },
  {
    part: `${table} table, any`,
    ordersPerSecond: quotas.tableUnits.value / units,
    turn: 'quota: table-level write throughput',
  },
]);

const perSecond = (ms: number): number => 1000 / ms;

/** Every part with a limit of its own, as `prod` is deployed into an account, the tightest first. */
export function partLimits(): readonly PartLimit[] {
  const { writeRate, consumerConcurrency, queueBatch } = configurationOf('prod');
  const { own, dynamodb, transaction, sqs } = times;
  // Transactions on one item follow one another.
  const onOneSku = Math.min(perSecond(transaction.value), quotas.partitionUnits.value / PRODUCT_UNITS);
  const reserveMs = sqs.value + own.value + transaction.value;
  const limits: readonly (readonly [part: string, ordersPerSecond: number, turn: string])[] = [
    ['one SKU in every order, each reserved on its own', onOneSku, 'sell it as several SKUs'],
    [
      `one SKU in every order, ${queueBatch} reserved together`,
      queueBatch * onOneSku,
      'sell it as several SKUs',
    ],
    [
      `index \`undecided\`: ${UNDECIDED_KEYS} keys`,
      // An order is put in and taken out.
      (UNDECIDED_KEYS * quotas.partitionUnits.value) / 2,
      'cells, or more keys (code)',
    ],
    ['API, its route', writeRate, '`writeRate` and `writeBurst`'],
    ['API, account', quotas.apiRate.value, 'quota: throttle rate'],
    [
      '`inventory/consume-order-events`, batches at once',
      consumerConcurrency * queueBatch * perSecond(reserveMs),
      '`consumerConcurrency`, up to 1,000',
    ],
    [
      '`place-order`, all of the concurrency',
      quotas.concurrency.value * perSecond(own.value + 2 * dynamodb.value),
      'quota: concurrent executions',
    ],
    [
      'sends to FIFO queues, full batches',
      // OrderPlaced, StockReserved and OrderConfirmed go to one queue each.
      (quotas.fifoRequests.value * queueBatch) / 3,
      'cells, or a region with a higher quota',
    ],
  ];
  const others = limits.map(([part, ordersPerSecond, turn]) => ({ part, ordersPerSecond, turn }));
  return [...tableLimits, ...others]
    .map((limit) => ({ ...limit, ordersPerSecond: Math.floor(limit.ordersPerSecond) }))
    .sort((a, b) => a.ordersPerSecond - b.ordersPerSecond);
}
