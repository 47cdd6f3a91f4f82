import { assumptions as cost } from '../cost/assumptions.ts';

/** One figure that the arithmetic takes from outside of this repository. */
export interface Assumed {
  readonly value: number;
  readonly what: string;
  /** The page that says so, or nothing where we only take it to be so. */
  readonly source?: string;
}

/** Milliseconds that things take on AWS. */
export const times = {
  own: { value: cost.ownMs, what: "a function's own work for an invocation, ms" },
  dynamodb: {
    value: cost.requestMs.DynamoDB,
    what: 'a read or a write of DynamoDB, ms: of those AWS says that they have a single digit',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  },
  transaction: { value: 2 * cost.requestMs.DynamoDB, what: 'a transaction: two rounds of writes, ms' },
  sqs: { value: cost.requestMs.SQS, what: 'a send to SQS or a receive that finds something, ms' },
} as const satisfies Record<string, Assumed>;

const warmThroughput =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html';

/** What an account has from the start, unless it is new enough to have less. */
export const quotas = {
  concurrency: {
    value: 1000,
    what: 'executions of all functions at once',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/limits.html',
  },
  apiRate: {
    value: 10_000,
    what: 'requests a second of all APIs',
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
  },
  newTableUnits: {
    value: 4000,
    what: 'write units a second of a new table or index',
    source: warmThroughput,
  },
  tableUnits: {
    value: 40_000,
    what: 'write units a second of any table',
    source:
      'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode-max-throughput.html',
  },
  partitionUnits: { value: 1000, what: 'write units a second of one partition', source: warmThroughput },
  fifoRequests: {
    value: 19_000,
    what: 'requests a second of one kind to FIFO queues, Frankfurt',
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html',
  },
} as const satisfies Record<string, Assumed>;
