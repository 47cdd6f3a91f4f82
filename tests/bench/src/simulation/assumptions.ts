import { assumptions as cost } from '../cost/assumptions.ts';

/** One figure that the simulation takes from outside of this repository. */
export interface Assumed {
  readonly value: number;
  readonly what: string;
  /** The page that says so, or nothing where we only take it to be so. */
  readonly source?: string;
}

/** Milliseconds that things take on AWS. */
export const times = {
  own: { value: cost.ownMs, what: "a function's own work for an invocation, ms" },
  ownEach: { value: 0.2, what: "a publisher's own work for each record, ms" },
  dynamodb: {
    value: cost.requestMs.DynamoDB,
    what: 'a read or a write of DynamoDB, ms: of those AWS says that they have a single digit',
    source: 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html',
  },
  transaction: { value: 2 * cost.requestMs.DynamoDB, what: 'a transaction: two rounds of writes, ms' },
  sqs: { value: cost.requestMs.SQS, what: 'a send to SQS or a receive that finds something, ms' },
  coldStart: { value: cost.initMs, what: 'a cold start, ms' },
  shardPoll: {
    value: 1000 * cost.shardPollSeconds,
    what: 'between two looks at a shard that was empty, ms',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html',
  },
  throttleRetry: { value: 1000, what: 'until an event source tries again that Lambda has throttled, ms' },
} as const satisfies Record<string, Assumed>;

/** Of each request so much is the same every time; the rest is exponential. */
export const fixedShare = {
  value: 0.5,
  what: 'the part of each time that never varies',
} as const satisfies Assumed;

const lambdaScaling = 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html';
const warmThroughput =
  'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html';

/** What an account has from the start, unless it is new enough to have less. */
export const quotas = {
  concurrency: {
    value: 1000,
    what: 'executions of all functions at once',
    source: 'https://docs.aws.amazon.com/lambda/latest/dg/limits.html',
  },
  environmentsAtOnce: { value: 1000, what: 'new environments of a function in 10 s', source: lambdaScaling },
  environmentsPerSecond: { value: 100, what: 'the same, refilled each second', source: lambdaScaling },
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
