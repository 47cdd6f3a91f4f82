/**
 * List prices in USD, first tier, without free tiers: Azure in East US, Google Cloud in us-central1 or a region of tier 1;
 * looked up on 2026-11-30. Google's are of its pages. Azure's pages fill in their figures by a script and were not readable:
 * those marked `quoted` are what others quote, and have to be checked at https://azure.microsoft.com/pricing/calculator/.
 */
const MILLION = 1_000_000;
const HOURS_A_MONTH = 730;

export const azurePrices = {
  /** Flex Consumption, quoted: https://modal.com/blog/azure-function-pricing-guide */
  executions: 0.4 / MILLION,
  gbSeconds: 0.000_026,
  /** Quoted; 13 million a month are included: https://azure.microsoft.com/pricing/details/service-bus/ */
  busOperations: 0.8 / MILLION,
  busMonth: 0.0135 * HOURS_A_MONTH,
  /** Log Analytics, quoted: https://azure.microsoft.com/pricing/details/monitor/ */
  logBytes: 2.3 / 1e9,
  /** B1ms with 32 GiB, quoted: https://azure.microsoft.com/pricing/details/postgresql/flexible-server/ */
  databaseMonth: 0.017 * HOURS_A_MONTH + 32 * 0.115,
} as const;

export const googlePrices = {
  /** https://cloud.google.com/api-gateway/docs/pricing */
  gatewayCalls: 3 / MILLION,
  /** Billed by request: https://cloud.google.com/run/pricing */
  requests: 0.4 / MILLION,
  cpuSeconds: 0.000_024,
  gibSeconds: 0.000_002_5,
  /** https://cloud.google.com/pubsub/pricing */
  pubsubBytes: 40 / 1024 ** 4,
  /** https://cloud.google.com/stackdriver/pricing */
  logBytes: 0.5 / 1024 ** 3,
  /** One vCPU with 3.75 GB, and 10 GB of SSD: https://cloud.google.com/sql/pricing */
  databaseMonth: (0.0413 + 3.75 * 0.007) * HOURS_A_MONTH + 10 * 0.17,
  /** Two e2-micro: https://cloud.google.com/vpc/pricing */
  connectorMonth: 2 * 0.008_38 * HOURS_A_MONTH,
  /** https://cloud.google.com/scheduler/pricing */
  jobMonth: 0.1,
  /** https://cloud.google.com/secret-manager/pricing */
  secretMonth: 0.06,
} as const;
