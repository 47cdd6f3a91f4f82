/** What no local run can show, as AWS documents it or, where it does not, as we take it to be. */
export const assumptions = {
  /**
   * Milliseconds that a warm function is billed for: its own work, and each request it waits for, as if one
   * followed the other. DynamoDB promises single-digit milliseconds: https://aws.amazon.com/dynamodb/features/
   */
  ownMs: 10,
  requestMs: { DynamoDB: 8, SQS: 12, EventBridge: 12, SNS: 12 },
  /** An attempt at an endpoint on the internet: its name is looked up, a connection made by TLS, and a request answered. */
  endpointMs: 200,
  /** A cold start, billed since August 2025: https://aws.amazon.com/lambda/pricing/ */
  initMs: 300,
  /**
   * The memory for which its own work and its cold start are assumed. AWS gives a function a share of a core in
   * proportion to its memory: https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
   */
  durationsAtMb: 512,
  /** Seconds that an idle container is kept; AWS does not say. */
  containerSeconds: 600,
  /** Seconds between two looks at a shard: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html */
  shardPollSeconds: 0.25,
  /** Of a new table on demand, one for each of its partitions. */
  shards: 4,
  /**
   * Long polls of one queue that are always under way: fewer than five only without a maximum concurrency.
   * https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
   */
  pollers: { capped: 5, uncapped: 2 },
  longPollSeconds: 20,
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html */
  logEventOverheadBytes: 26,
  /**
   * X-Ray records the first request a second and 5 % of the others, of each function:
   * https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html
   */
  tracesPerSecond: 1,
  tracedRest: 0.05,
  /** What Lambda itself writes for each invocation. */
  systemLogLines: [
    '{"time":"2026-11-24T12:00:00.000Z","type":"platform.start","record":{"requestId":"01234567-89ab-cdef-0123-456789abcdef","version":"$LATEST"}}',
    '{"time":"2026-11-24T12:00:00.025Z","type":"platform.report","record":{"requestId":"01234567-89ab-cdef-0123-456789abcdef","metrics":{"durationMs":24.51,"billedDurationMs":25,"memorySizeMB":512,"maxMemoryUsedMB":96},"status":"success"}}',
  ],
  /** Of one run: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Lambda-Insights-example-event.html */
  lambdaInsightsLineBytes: 1_100,
  /** SendMessageBatch of the publisher: shared/functions/src/aws/publishing/send.ts. */
  queueBatch: 10,
  /** shared/serverless/publish-events.yml */
  streamBatch: 100,
  lookUpSeconds: 60,
  /** Metrics that a schedule writes, orders or not: services/orders/src/functions/count-stuck-orders.ts */
  gauges: 2,
} as const;

export const SECONDS_A_DAY = 86_400;
export const DAYS_A_MONTH = 30;
