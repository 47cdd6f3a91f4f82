import { quotas, times } from './assumptions.ts';
import { type Configuration, configurationOf } from './configuration.ts';
import { type TableUnits, UNDECIDED_KEYS, units, unitsOfOrder } from './order-units.ts';

/** How many orders a second one part takes, by arithmetic on its quota. */
export interface PartLimit {
  readonly part: string;
  readonly ordersPerSecond: number;
  readonly turn: string;
}

const perSecond = (ms: number): number => 1000 / ms;

/** Transactions on one item follow one another. */
function skuLimits({ queueBatch }: Configuration): readonly PartLimit[] {
  const transactions = Math.min(
    perSecond(times.transaction.value),
    quotas.partitionUnits.value / units.product,
  );
  const turn = 'sell it as several SKUs';
  return [
    { part: 'one SKU in every order, each reserved on its own', ordersPerSecond: transactions, turn },
    {
      part: `one SKU in every order, ${queueBatch} reserved together`,
      ordersPerSecond: queueBatch * transactions,
      turn,
    },
  ];
}

function tableLimits(): readonly PartLimit[] {
  const { newTableUnits, tableUnits, partitionUnits } = quotas;
  const needed = unitsOfOrder();
  const ofTable = (table: keyof TableUnits): readonly PartLimit[] => [
    {
      part: `${table} table, new`,
      ordersPerSecond: newTableUnits.value / needed[table],
      turn: 'warm throughput, or rise slowly: at most double in 30 minutes',
    },
    {
      part: `${table} table, any`,
      ordersPerSecond: tableUnits.value / needed[table],
      turn: 'quota: table-level write throughput',
    },
  ];
  return [
    ...ofTable('orders'),
    ...ofTable('inventory'),
    ...ofTable('notifications'),
    {
      part: `index \`undecided\`: ${UNDECIDED_KEYS} keys`,
      // An order is put in and taken out.
      ordersPerSecond: (UNDECIDED_KEYS * partitionUnits.value) / (2 * units.order.undecided),
      turn: 'cells, or more keys (code)',
    },
  ];
}

function requestLimits({ writeRate, consumerConcurrency, queueBatch }: Configuration): readonly PartLimit[] {
  const placeMs = times.own.value + 2 * times.dynamodb.value;
  const reserveMs = times.sqs.value + times.own.value + times.transaction.value;
  return [
    { part: 'API, its route', ordersPerSecond: writeRate, turn: '`writeRate` and `writeBurst`' },
    { part: 'API, account', ordersPerSecond: quotas.apiRate.value, turn: 'quota: throttle rate' },
    {
      part: '`inventory/consume-order-events`, batches at once',
      ordersPerSecond: consumerConcurrency * queueBatch * perSecond(reserveMs),
      turn: '`consumerConcurrency`, up to 1,000',
    },
    {
      part: '`place-order`, all of the concurrency',
      ordersPerSecond: quotas.concurrency.value * perSecond(placeMs),
      turn: 'quota: concurrent executions',
    },
    {
      part: 'sends to FIFO queues, full batches',
      // OrderPlaced, StockReserved and OrderConfirmed go to one queue each.
      ordersPerSecond: (quotas.fifoRequests.value * queueBatch) / 3,
      turn: 'cells, or a region with a higher quota',
    },
  ];
}

/** Every part with a limit of its own, as `prod` is deployed into an account, the tightest first. */
export function partLimits(): readonly PartLimit[] {
  const configuration = configurationOf('prod');
  return [...skuLimits(configuration), ...tableLimits(), ...requestLimits(configuration)]
    .map((limit) => ({ ...limit, ordersPerSecond: Math.floor(limit.ordersPerSecond) }))
    .sort((a, b) => a.ordersPerSecond - b.ordersPerSecond);
}
