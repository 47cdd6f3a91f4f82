import type { Template } from '@orderly/local/packages';
import {
  at,
  consumedQueues,
  findings,
  functionOf,
  idOf,
  list,
  mappingsOf,
  type Rule,
  type Rules,
} from './rule.ts';
import { roleAllows } from './statements.ts';

const streamsOf = (template: Template) =>
  mappingsOf(template).filter(([, { EventSourceArn }]) =>
    /\bStreamArn$/.test(String(at(EventSourceArn, 'Fn::GetAtt'))),
  );

/** A DynamoDB stream forgets after a day. */
const STREAM_SECONDS = 24 * 60 * 60;

const retryWithinBounds: Rule = ({ template }) => [
  ...consumedQueues(template)
    .filter(({ queue }) => !(Number(at(queue, 'RedrivePolicy', 'maxReceiveCount')) > 1))
    .map(({ id, queueId }) => `${id}: ${queueId} bounds no retries`),
  ...findings(
    streamsOf(template),
    // The age bounds them, and alarms and runbooks say so; how soon a number of attempts is used up, nobody can say.
    ({ MaximumRetryAttempts, MaximumRecordAgeInSeconds }) =>
      MaximumRetryAttempts !== -1 ||
      !(Number(MaximumRecordAgeInSeconds) > 0) ||
      Number(MaximumRecordAgeInSeconds) >= STREAM_SECONDS,
    'does not retry for as long as it says, or longer than a record lives',
  ),
];

const haveAnOnFailureQueue: Rule = ({ template }) =>
  streamsOf(template).flatMap(([id, mapping]) => {
    const queue = template.Resources[idOf(at(mapping, 'DestinationConfig', 'OnFailure', 'Destination'))];
    if (queue?.Type !== 'AWS::SQS::Queue') return [`${id}: has no on-failure queue`];
    const role = idOf(functionOf(template, mapping).Role);
    return roleAllows(template, role, 'sqs:SendMessage') ? [] : [`${id}: ${role} may not send to the queue`];
  });

const consumersAreBounded: Rule = ({ template }) =>
  consumedQueues(template)
    .filter(
      ({ mapping }) =>
        at(mapping, 'ScalingConfig', 'MaximumConcurrency') === undefined &&
        functionOf(template, mapping).ReservedConcurrentExecutions === undefined,
    )
    .map(({ id }) => `${id}: has no maximum concurrency`);

/**
 * What SQS counts and what the function compares with it must be the same number. In a standard queue no message waits
 * behind another.
 */
const consumersKnowTheLastReceive: Rule = ({ template }) =>
  consumedQueues(template).flatMap(({ id, mapping, queueId, queue }) => {
    if (at(queue, 'FifoQueue') !== true) return [];
    const told = at(functionOf(template, mapping), 'Environment', 'Variables', 'MAX_RECEIVE_COUNT');
    const maximum = at(queue, 'RedrivePolicy', 'maxReceiveCount');
    if (told === String(maximum)) return [];
    return [`${id}: MAX_RECEIVE_COUNT is ${told}, maxReceiveCount of ${queueId} is ${maximum}`];
  });

export const eventSourceRules = {
  'event sources take partial batch answers': ({ template }) =>
    findings(
      mappingsOf(template),
      ({ FunctionResponseTypes }) => !list(FunctionResponseTypes).includes('ReportBatchItemFailures'),
      'takes a batch as one',
    ),
  'event sources retry within bounds': retryWithinBounds,
  'streams are bisected on errors': ({ template }) =>
    findings(
      streamsOf(template),
      ({ BisectBatchOnFunctionError }) => BisectBatchOnFunctionError !== true,
      'does not bisect',
    ),
  'streams have an on-failure queue': haveAnOnFailureQueue,
  "consumers know their queue's maxReceiveCount": consumersKnowTheLastReceive,
  // The table, and a mail server, must stand what a full queue lets loose.
  'consumers have a maximum concurrency': consumersAreBounded,
} satisfies Rules;
