import { quotas } from './assumptions.ts';
import { type Configuration, configurationOf } from './configuration.ts';
import { LINES_PER_ORDER, type ReadyUnits, units } from './order-tables.ts';

/** How the platform is set, and what the account has. */
export interface Scenario {
  readonly name: ScenarioName;
  readonly configuration: Configuration;
  readonly concurrency: number;
  readonly warmEnvironments: number;
  readonly tables: ReadyUnits;
  /** Platforms of the same kind, each in an account of its own, that share the orders. */
  readonly cells: number;
}

export type ScenarioName = 'as deployed' | 'API opened' | 'turned';

/** Of what is needed so much more is there, so that chance does not fill it. */
const headroom = 1.5;
/** What one cell takes, so that neither the 16 keys of the index `undecided` nor the API's quota is full. */
const ordersPerCell = 6250;

const newTables: ReadyUnits = {
  orders: quotas.newTableUnits.value,
  inventory: quotas.newTableUnits.value,
  notifications: quotas.newTableUnits.value,
};

/** Write units a second that so many orders of three lines take of each table. */
export function unitsFor(ordersPerSecond: number): ReadyUnits {
  const { order, reservation, product, notification } = units;
  return {
    orders: 2 * order.table * ordersPerSecond,
    inventory: (reservation + LINES_PER_ORDER * product) * ordersPerSecond,
    notifications: (notification.pending + notification.sent) * ordersPerSecond,
  };
}

function warmedTables(ordersPerSecond: number): ReadyUnits {
  const needed = unitsFor(ordersPerSecond);
  const warmed = (unitsPerSecond: number): number =>
    Math.max(quotas.newTableUnits.value, headroom * unitsPerSecond);
  return {
    orders: warmed(needed.orders),
    inventory: warmed(needed.inventory),
    notifications: warmed(needed.notifications),
  };
}

/** What is looked at for one rate: as `prod` is deployed into an account, and what is turned then. */
export function scenariosFor(ordersPerSecond: number): readonly Scenario[] {
  const configuration = configurationOf('prod');
  const asDeployed = {
    configuration,
    concurrency: quotas.concurrency.value,
    warmEnvironments: 0,
    tables: newTables,
    cells: 1,
  };
  const opened = { writeRate: headroom * ordersPerSecond, writeBurst: headroom * ordersPerSecond };
  const cells = Math.ceil(ordersPerSecond / ordersPerCell);
  return [
    { ...asDeployed, name: 'as deployed' },
    { ...asDeployed, name: 'API opened', configuration: { ...configuration, ...opened } },
    {
      name: 'turned',
      configuration: { ...configuration, ...opened, consumerConcurrency: 200 },
      concurrency: 3 * quotas.concurrency.value,
      warmEnvironments: Math.ceil((headroom * 0.05 * ordersPerSecond) / cells),
      tables: warmedTables(ordersPerSecond / cells),
      cells,
    },
  ];
}
