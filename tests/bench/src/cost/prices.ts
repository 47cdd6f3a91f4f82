/**
 * What AWS asks in US East (N. Virginia), in USD, first tier, without free tiers, as its pricing pages said in June
 * 2026; looked up on 2026-11-24. Other regions differ, mostly by less than a quarter.
 */
export const priceList = {
  region: 'us-east-1',
  asOf: '2026-06',
  pages: [
    'https://aws.amazon.com/api-gateway/pricing/',
    'https://aws.amazon.com/lambda/pricing/',
    'https://aws.amazon.com/dynamodb/pricing/on-demand/',
    'https://aws.amazon.com/sqs/pricing/',
    'https://aws.amazon.com/cloudwatch/pricing/',
    'https://aws.amazon.com/xray/pricing/',
    'https://aws.amazon.com/appsync/pricing/',
    'https://aws.amazon.com/step-functions/pricing/',
    'https://aws.amazon.com/eventbridge/pricing/',
    'https://aws.amazon.com/sns/pricing/',
  ],
} as const;

const MILLION = 1_000_000;

/** What grows with the orders: the price of one. */
export const unitPrices = {
  httpRequests: 1 / MILLION,
  lambdaRequests: 0.2 / MILLION,
  /** On arm64. */
  lambdaGbSeconds: 0.000_013_333_4,
  /** On demand. */
  writeUnits: 0.625 / MILLION,
  readUnits: 0.125 / MILLION,
  /** Sending, receiving and deleting; any other request is a standard one. */
  fifoRequests: 0.5 / MILLION,
  standardRequests: 0.4 / MILLION,
  logBytes: 0.5 / 1024 ** 3,
  traces: 5 / MILLION,
  // What only other designs use.
  restRequests: 3.5 / MILLION,
  graphqlRequests: 4 / MILLION,
  lambdaX86GbSeconds: 0.000_016_666_7,
  /** Of a standard workflow: each time that a state is executed. */
  stateTransitions: 25 / MILLION,
  /** Custom events; a rule's deliveries within the account are free. */
  busEvents: 1 / MILLION,
  /** What an event bus keeps, without the storage. */
  archivedBytes: 0.1 / 1024 ** 3,
  /** Publishing; deliveries to Lambda are free. */
  topicMessages: 0.5 / MILLION,
} as const;

/** What a stage has standing there: the price of one for a month. */
export const monthlyPrices = { alarms: 0.1, dashboards: 3, metrics: 0.3 } as const;
