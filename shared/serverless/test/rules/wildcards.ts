import type { Template } from '@orderly/local/packages';
import { at, list } from './rule.ts';
import { actionsOf, allowances } from './statements.ts';

/** The wildcards in resources that there must be. */
export const wildcards: readonly {
  readonly actions: readonly string[];
  readonly resource: RegExp;
  readonly reason: string;
  /** Only a stage has it that sets this parameter. */
  readonly parameter?: string;
}[] = [
  {
    actions: ['sqs:ListQueues'],
    resource: /^\*$/,
    reason: 'SQS grants it on all queues or none',
  },
  {
    actions: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
    resource: /^\*$/,
    reason: 'X-Ray has no resource that a trace belongs to',
    parameter: 'tracing',
  },
  {
    actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
    resource: /:log-group:\/aws\/lambda\/[\w-]+:\*:\*$/,
    reason: "Lambda names the streams in the function's own log group",
  },
  {
    actions: ['sqs:ListQueueTags'],
    resource: /:\$\{AWS::AccountId\}:[\w-]+--\*$/,
    reason: "a topic's subscriptions are found by the beginning of their names",
  },
  {
    actions: ['sqs:SendMessage'],
    resource: /:\*:[\w-]+--\*$/,
    reason: 'so they are, and a queue of another account lets the publisher in by its own policy',
  },
  {
    actions: ['ses:SendEmail', 'ses:SendRawEmail'],
    resource: /:identity\/\*$/,
    reason: 'SES knows the sender by its address or by its domain; a condition names the address',
  },
];

/** A resource as a text, with the names of what is put in at the deploy. */
const resourceText = (resource: unknown): string => {
  const text = at(resource, 'Fn::Sub') ?? resource;
  return typeof text === 'string' ? text : JSON.stringify(text);
};

/** Each action that a policy allows on a resource with a wildcard, and the entry of the list that it falls under. */
export const wildcardGrants = (template: Template) =>
  allowances(template).flatMap((allowed) =>
    list(allowed.statement.Resource)
      .map(resourceText)
      .filter((resource) => resource.includes('*'))
      .flatMap((resource) =>
        actionsOf(allowed).map((action) => ({
          text: `${allowed.owner}: allows ${action} on ${resource}`,
          listed: wildcards.find((one) => one.actions.includes(action) && one.resource.test(resource)),
        })),
      ),
  );
