import { azurePrices, googlePrices } from './prices.ts';

// What an order costs on Azure and on Google Cloud by list price, beside AWS: docs/clouds.md. The counts are those of
// docs/cost.md: an order of three lines that is shipped, without webhooks.

const MILLION = 1_000_000;
const MONTH_SECONDS = 30 * 86_400;

const order = {
  httpRequests: 2,
  /** Each event that a service writes is published once: seven, two of which nobody subscribes to. */
  publishes: 7,
  /** Messages that functions handle. */
  deliveries: 5,
  /** Messages of subscriptions, with those that a filter drops: Google asks for them as well. */
  copies: 8,
  /** As docs/cost.md counts them. Application Insights adds fields of its own to each line. */
  logBytes: 8_865,
} as const;

/** An event with its envelope; the least that Pub/Sub counts for a request. */
const eventBytes = 1_000;
const services = 4;

const azure = {
  memoryGb: 0.5,
  /** The least that Flex Consumption bills: https://learn.microsoft.com/en-us/azure/azure-functions/flex-consumption-plan#billing */
  leastSeconds: 1,
  /** A session is accepted, a message received and completed, and the session given back. */
  operationsPerDelivery: 4,
  sweepSeconds: 10,
} as const;

const google = {
  cpus: 1,
  memoryGib: 0.5,
  /** The least that Cloud Run bills: https://cloud.google.com/run/pricing */
  leastSeconds: 0.1,
  sweepSeconds: 60,
  /** The certificate of the database, the URL of the SMTP server, and the key of webhooks. */
  secrets: 3,
} as const;

/** USD of a thing by its charges. */
export type Charges = Readonly<Record<string, number>>;

const invocations = order.httpRequests + order.deliveries;

const azureSeconds = azure.leastSeconds * azure.memoryGb * azurePrices.gbSeconds;
const googleSeconds =
  google.leastSeconds * (google.cpus * googlePrices.cpuSeconds + google.memoryGib * googlePrices.gibSeconds);

/** A million orders, by charge. Each invocation is billed alone, as at few orders; at many they share an instance's time. */
export const millionOrders: Readonly<Record<'azure' | 'google', Charges>> = {
  azure: {
    'requests to APIs': 0,
    'invocations of functions': invocations * azurePrices.executions * MILLION,
    'duration of functions': invocations * azureSeconds * MILLION,
    messages:
      (order.publishes + order.deliveries * azure.operationsPerDelivery) *
      azurePrices.busOperations *
      MILLION,
    logs: order.logBytes * azurePrices.logBytes * MILLION,
  },
  google: {
    'requests to APIs': order.httpRequests * googlePrices.gatewayCalls * MILLION,
    'invocations of functions': invocations * googlePrices.requests * MILLION,
    'duration of functions': invocations * googleSeconds * MILLION,
    messages: (order.publishes + order.copies) * eventBytes * googlePrices.pubsubBytes * MILLION,
    logs: order.logBytes * googlePrices.logBytes * MILLION,
  },
};

const sweepsOf = (seconds: number): number => (services * MONTH_SECONDS) / seconds;

/** A month without orders, by charge. */
export const idleMonth: Readonly<Record<'azure' | 'google', Charges>> = {
  azure: {
    database: azurePrices.databaseMonth,
    'broker, network': azurePrices.busMonth,
    'sweeps of outboxes': sweepsOf(azure.sweepSeconds) * (azurePrices.executions + azureSeconds),
    'schedules, secrets': 0,
  },
  google: {
    database: googlePrices.databaseMonth,
    'broker, network': googlePrices.connectorMonth,
    'sweeps of outboxes': sweepsOf(google.sweepSeconds) * (googlePrices.requests + googleSeconds),
    'schedules, secrets': services * googlePrices.jobMonth + google.secrets * googlePrices.secretMonth,
  },
};
