import type { Template } from '@orderly/local/packages';
import {
  at,
  consumedQueues,
  findings,
  functionOf,
  idOf,
  list,
  ofType,
  queuesOf,
  type Rule,
  type Rules,
} from './rule.ts';
import { allowances, type Statement, statementsOf } from './statements.ts';

/** The queues without a dead-letter queue: only people take messages from them, with `npx orderly dlq`. */
const lastQueues: Readonly<Record<string, string>> = {
  SubscriptionFailures: 'is the dead-letter queue of the subscription',
  ParkedEvents: 'is where the publisher parks what a subscription refuses for good',
  WakeUpFailures: 'is the dead-letter queue of the wake-ups of webhook endpoints',
  StreamFailures: 'is where Lambda leaves the positions of what could not be published',
};

const haveADeadLetterQueue: Rule = ({ template }) => [
  ...queuesOf(template).flatMap(([id, { RedrivePolicy, FifoQueue }]) => {
    if (id in lastQueues) return [];
    const target = template.Resources[idOf(at(RedrivePolicy, 'deadLetterTargetArn'))];
    if (target?.Type !== 'AWS::SQS::Queue') return [`${id}: has no dead-letter queue`];
    return target.Properties?.FifoQueue === FifoQueue
      ? []
      : [`${id}: has a dead-letter queue of another kind`];
  }),
  ...consumedQueues(template)
    .filter(({ queueId }) => queueId in lastQueues)
    .map(({ id, queueId }) => `${id}: consumes ${queueId}, which has no dead-letter queue`),
];

/** Source: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const VISIBILITY_FACTOR = 6;

const hideMessagesForSixTimeouts: Rule = ({ template }) =>
  consumedQueues(template)
    .filter(({ mapping, queue }) => {
      const { Timeout = 3 } = functionOf(template, mapping);
      return Number(queue.VisibilityTimeout ?? 30) < VISIBILITY_FACTOR * Number(Timeout);
    })
    .map(({ queueId, id }) => `${queueId}: is visible again too early for the function of ${id}`);

const DAYS_14 = 14 * 24 * 60 * 60;

const refusesPlainHttp = ({ statement }: Statement): boolean =>
  statement.Effect === 'Deny' &&
  statement.Principal === '*' &&
  list(statement.Action).includes('sqs:*') &&
  list(statement.Resource).includes('*') &&
  String(at(statement, 'Condition', 'Bool', 'aws:SecureTransport')) === 'false';

/** Roles are tagged as their stack is. */
const refusesOtherStages = ({ statement }: Statement, stage: string): boolean =>
  statement.Effect === 'Deny' &&
  statement.Principal === '*' &&
  list(statement.Action).includes('sqs:SendMessage') &&
  list(statement.Resource).includes('*') &&
  String(at(statement, 'Condition', 'Null', 'aws:PrincipalTag/orderly:stage')) === 'false' &&
  at(statement, 'Condition', 'StringNotEquals', 'aws:PrincipalTag/orderly:stage') === stage;

/** One finding for each queue without a policy that has such a statement. */
const unguarded = (template: Template, guards: (statement: Statement) => boolean, what: string): string[] => {
  const policies = statementsOf(template)
    .filter(guards)
    .map(({ owner }) => owner);
  const guarded = ofType(template, 'AWS::SQS::QueuePolicy')
    .filter(([id]) => policies.includes(id))
    .flatMap(([, { Queues }]) => list(Queues).map(idOf));
  return findings(queuesOf(template), (_, id) => !guarded.includes(id), what);
};

/** Publishers of the account send by their roles, and nobody else has anything to send. */
const letNobodyElseIn: Rule = ({ template }) =>
  findings(
    ofType(template, 'AWS::SQS::QueuePolicy'),
    (_, id) => allowances(template).some(({ owner }) => owner === id),
    'lets in others than the roles of the account',
  );

export const queueRules = {
  'queues have a dead-letter queue': haveADeadLetterQueue,
  'queues hide a message for six timeouts of its function': hideMessagesForSixTimeouts,
  'queues keep messages for 14 days': ({ template }) =>
    findings(
      queuesOf(template),
      (queue) => queue.MessageRetentionPeriod !== DAYS_14,
      'keeps messages for less',
    ),
  'queues refuse plain HTTP': ({ template }) => unguarded(template, refusesPlainHttp, 'takes plain HTTP'),
  'queues refuse the functions of other stages': ({ template, stage }) =>
    unguarded(template, (each) => refusesOtherStages(each, stage), 'takes what another stage sends'),
  'queues are for the roles of their account only': letNobodyElseIn,
} satisfies Rules;
