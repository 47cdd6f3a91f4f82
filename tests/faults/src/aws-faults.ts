import { setTimeout as delay } from 'node:timers/promises';
import type { AwsReply } from '@orderly/local/aws-proxy';
import { awsError } from '@orderly/support/aws-error';
import { transactionCanceled } from '@orderly/support/transaction-conflicts';
import { type Fault, type FaultyCall, replacing } from './injector.ts';
import { answer, changed } from './replies.ts';

/**
 * What DynamoDB, SQS and the network between do to functions by AWS's own documents:
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
 */

const fromFunction = ({ functionName }: FaultyCall): boolean => functionName !== undefined;
const calls =
  (...operations: readonly string[]): Fault['concerns'] =>
  (call) =>
    fromFunction(call) && operations.includes(call.operation);
const toDynamodb = calls(
  'PutItem',
  'UpdateItem',
  'TransactWriteItems',
  'GetItem',
  'BatchGetItem',
  'Query',
  'DeleteItem',
);
const toSqs = calls('SendMessageBatch', 'SendMessage', 'ListQueues', 'ListQueueTags', 'GetQueueUrl');

/** The SDK's attempts at one call share it. */
const attemptsOf = ({ headers }: FaultyCall): string => String(headers['amz-sdk-invocation-id']);

/** A refusal: the call is not carried out. A third of them last through the SDK's own attempts. */
function refusal(
  kind: string,
  oneIn: number,
  concerns: Fault['concerns'],
  reply: (call: FaultyCall) => AwsReply,
): Fault {
  const lasting = new Set<string>();
  return {
    kind,
    oneIn,
    concerns,
    lasts: (call) => lasting.has(attemptsOf(call)),
    act: async (call, _forward, draw, count) => {
      count();
      if (draw.chance(1 / 3)) lasting.add(attemptsOf(call));
      return reply(call);
    },
  };
}

/** Longer than a function waits for an answer (shared/functions/src/aws/client-config.ts). */
const LATE_MS = 2_000;

export const awsFaults: readonly Fault[] = [
  refusal('DynamoDB throttles', 60, toDynamodb, () =>
    awsError(
      400,
      'ProvisionedThroughputExceededException',
      'The level of configured throughput was exceeded',
    ),
  ),
  refusal('DynamoDB fails (500)', 90, toDynamodb, () =>
    awsError(500, 'InternalServerError', 'The request processing has failed because of an unknown error'),
  ),
  refusal('DynamoDB unavailable (503)', 90, toDynamodb, () =>
    awsError(503, 'ServiceUnavailable', 'DynamoDB is currently unavailable'),
  ),
  refusal('transaction conflict', 12, calls('TransactWriteItems'), ({ input }) => {
    const items: readonly unknown[] = Array.isArray(input.TransactItems) ? input.TransactItems : [];
    return transactionCanceled(items.map((_, place) => place > 0 || items.length === 1));
  }),
  refusal('unprocessed keys', 25, calls('BatchGetItem'), ({ input }) =>
    answer({ Responses: {}, UnprocessedKeys: input.RequestItems }),
  ),
  refusal('SQS throttles', 40, toSqs, () =>
    awsError(403, 'com.amazonaws.sqs#RequestThrottled', 'The request was denied due to request throttling'),
  ),
  refusal('SQS fails (500)', 60, toSqs, () =>
    awsError(500, 'com.amazonaws.sqs#InternalFailure', 'An internal failure'),
  ),
  {
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessageBatch.html
    kind: 'partial answer of SendMessageBatch',
    oneIn: 15,
    concerns: calls('SendMessageBatch'),
    act: async ({ input }, forward, draw, count) => {
      const entries = Array.isArray(input.Entries) ? input.Entries : [];
      const lost = entries.filter((_, place) => (place === 0 ? entries.length === 1 : draw.chance(0.7)));
      const sent = entries.filter((entry) => !lost.includes(entry));
      const Failed = lost.map(({ Id }) => ({
        Id,
        Code: 'InternalError',
        Message: 'Busy',
        SenderFault: false,
      }));
      if (lost.length > 0) count();
      if (sent.length === 0) return answer({ Successful: [], Failed });
      const reply = await forward(JSON.stringify({ ...input, Entries: sent }));
      return changed(reply, (body) => ({ ...body, Failed }));
    },
  },
  replacing('connection reset before the call', 90, fromFunction, { carriedOut: false }),
  replacing('connection reset, answer lost', 90, fromFunction, { carriedOut: true }),
  {
    kind: 'answer too late',
    oneIn: 150,
    concerns: fromFunction,
    act: async (_call, forward, _draw, count) => {
      const reply = await forward();
      count();
      await delay(LATE_MS);
      return reply;
    },
  },
  {
    kind: 'slow answer',
    oneIn: 6,
    concerns: toDynamodb,
    act: async (_call, forward, draw, count) => {
      count();
      const before = draw.chance(0.5);
      const ms = draw.int(20, 300);
      if (before) await delay(ms);
      const reply = await forward();
      if (!before) await delay(ms);
      return reply;
    },
  },
];
