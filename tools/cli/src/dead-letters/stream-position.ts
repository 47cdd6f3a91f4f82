import { type Parsed, parse, parseJson } from '@orderly/contracts';
import * as v from 'valibot';

/**
 * The message that Lambda sends about stream records that it gave up on.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
const onFailureMessage = v.object({
  requestContext: v.object({ condition: v.string(), approximateInvokeCount: v.number() }),
  timestamp: v.string(),
  DDBStreamBatchInfo: v.object({
    streamArn: v.string(),
    shardId: v.string(),
    startSequenceNumber: v.pipe(v.string(), v.digits()),
    endSequenceNumber: v.pipe(v.string(), v.digits()),
    batchSize: v.number(),
  }),
});

export type StreamPosition = Readonly<v.InferOutput<typeof onFailureMessage>['DDBStreamBatchInfo']> & {
  /** Why Lambda gave up, e.g. `RetryAttemptsExhausted`. */
  readonly condition: string;
  readonly invokeCount: number;
  readonly gaveUpAt: string;
};

export function readPosition(body: string): Parsed<StreamPosition> {
  const json = parseJson(body);
  const message = json.outcome === 'valid' ? parse(onFailureMessage, json.value) : json;
  if (message.outcome === 'invalid') return message;
  const { DDBStreamBatchInfo, requestContext, timestamp } = message.value;
  return {
    outcome: 'valid',
    value: {
      ...DDBStreamBatchInfo,
      condition: requestContext.condition,
      invokeCount: requestContext.approximateInvokeCount,
      gaveUpAt: timestamp,
    },
  };
}
