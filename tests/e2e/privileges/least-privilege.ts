import type { Permission } from './permissions.ts';

/** What is granted and no function is seen to use. */
export const unseen: readonly {
  readonly actions: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
}[] = [
  {
    actions: /^(logs:(CreateLogStream|PutLogEvents)|xray:(PutTraceSegments|PutTelemetryRecords))$/,
    resource: /^\*$/,
    reason: "Lambda itself logs and traces, in the function's role",
  },
  {
    actions: /^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$/,
    resource: /^[\w-]+--[\w-]+(\.fifo)?$/,
    reason: 'Lambda itself polls the subscription, and the queue of wake-ups',
  },
  {
    actions: /^dynamodb:(GetRecords|GetShardIterator|DescribeStream|ListStreams)$/,
    resource: /./,
    reason: 'Lambda itself reads the stream',
  },
  {
    actions: /^sqs:SendMessage$/,
    resource: /^dlq--[\w-]+--stream$/,
    reason: 'Lambda itself parks the position in the stream that the publisher has given up on',
  },
  {
    actions: /^sqs:(GetQueueUrl|SendMessage)$/,
    resource: /^dlq--(?!order-)[a-z]+-events\.fifo$/,
    reason:
      'publishers are one code, and that of orders is seen to park; the events of others are too small to refuse',
  },
  {
    actions: /^dynamodb:GetItem$/,
    resource: /^notifications$/,
    reason: 'a notification is read again only when a batch is invoked twice, which the simulation does',
  },
  {
    actions: /^ses:Send(Raw)?Email$/,
    resource: /^identity\/\*$/,
    reason: 'SES does not run on one machine; its channel is tested against its HTTP API',
  },
  {
    actions: /^ssm:(Get|Put)Parameter$/,
    resource: /./,
    reason: 'Systems Manager does not run on one machine; its use is tested against its HTTP API',
  },
];

const pattern = (resource: string): RegExp =>
  new RegExp(`^${resource.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replaceAll('*', '.*')}$`);

const covers = (granted: Permission, used: Permission): boolean =>
  granted.fn === used.fn && granted.action === used.action && pattern(granted.resource).test(used.resource);

const textOf = ({ fn, action, resource }: Permission) => `${fn} ${action} ${resource}`;

/**
 * @returns `missing`: what functions did that their roles do not grant; `unused`: what these grant and nothing needs
 */
export function comparePermissions(granted: readonly Permission[], used: readonly Permission[]) {
  const expected = ({ action, resource }: Permission) =>
    unseen.some((each) => each.actions.test(action) && each.resource.test(resource));
  return {
    missing: used.filter((one) => !granted.some((each) => covers(each, one))).map(textOf),
    unused: granted.filter((each) => !expected(each) && !used.some((one) => covers(each, one))).map(textOf),
  };
}
