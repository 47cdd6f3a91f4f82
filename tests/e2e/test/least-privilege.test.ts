import { comparePermissions } from '../privileges/least-privilege.ts';
import { type Permission, usedPermissions } from '../privileges/permissions.ts';

const { permissionsFor } = require('../privileges/permissions-for.cjs') as {
  readonly permissionsFor: (target: string, input: object) => readonly (readonly [string, string])[];
};

describe('a request to AWS needs', () => {
  const dynamodb = (operation: string) => `DynamoDB_20120810.${operation}`;

  it.each([
    [dynamodb('PutItem'), { TableName: 't' }, [['dynamodb:PutItem', 't']]],
    [dynamodb('Query'), { TableName: 't', IndexName: 'i' }, [['dynamodb:Query', 't/index/i']]],
    [dynamodb('BatchGetItem'), { RequestItems: { t: {} } }, [['dynamodb:BatchGetItem', 't']]],
    [
      dynamodb('TransactWriteItems'),
      { TransactItems: [{ Put: { TableName: 't' } }, { ConditionCheck: { TableName: 'u' } }] },
      [
        ['dynamodb:PutItem', 't'],
        ['dynamodb:ConditionCheckItem', 'u'],
      ],
    ],
    ['AmazonSQS.SendMessageBatch', { QueueUrl: 'http://sqs/0/q' }, [['sqs:SendMessage', 'q']]],
    ['AmazonSQS.GetQueueUrl', { QueueName: 'q' }, [['sqs:GetQueueUrl', 'q']]],
    ['AmazonSQS.ListQueues', { QueueNamePrefix: 'p' }, [['sqs:ListQueues', '*']]],
  ])('%s %j: %j', (target, input, permissions) => {
    expect(permissionsFor(target, input)).toEqual(permissions);
  });
});

describe('the comparison', () => {
  const permission = (resource: string, action = 'sqs:SendMessage', fn = 'orders/f'): Permission => ({
    fn,
    action,
    resource,
  });

  it('finds nothing where each grant is used and each use granted', () => {
    const used = [permission('a--b.fifo'), permission('t/index/i', 'dynamodb:Query')];
    const granted = [permission('a--*'), permission('t/index/i', 'dynamodb:Query')];

    expect(comparePermissions(granted, used)).toEqual({ missing: [], unused: [] });
  });

  it.each([
    ['another resource', permission('x--b')],
    ['another action', permission('a--b', 'sqs:DeleteQueue')],
    ['another function', permission('a--b', 'sqs:SendMessage', 'orders/g')],
    ['an index where the table is granted', permission('a/index/i')],
  ])('finds %s, from both sides', (_, one) => {
    const granted = [permission('a'), permission('a--*')];

    expect(comparePermissions(granted, [one])).toEqual({
      missing: [`${one.fn} ${one.action} ${one.resource}`],
      unused: ['orders/f sqs:SendMessage a', 'orders/f sqs:SendMessage a--*'],
    });
  });

  it('a dot of a queue is no wildcard', () => {
    expect(comparePermissions([permission('a.fifo')], [permission('axfifo')]).missing).toHaveLength(1);
  });

  it('does not ask for what Lambda does by itself', () => {
    const granted = [
      permission('*', 'xray:PutTraceSegments'),
      permission('a--b.fifo', 'sqs:ReceiveMessage'),
      permission('webhooks--deliveries', 'sqs:DeleteMessage'),
      permission('parameter/orderly/dev/webhook-key', 'ssm:PutParameter'),
    ];

    expect(comparePermissions(granted, [])).toEqual({ missing: [], unused: [] });
  });
});

it('a record holds each permission once', () => {
  const line = 'orders/place-order dynamodb:PutItem orders';

  expect(usedPermissions(`${line}\n${line}\n`)).toEqual([
    { fn: 'orders/place-order', action: 'dynamodb:PutItem', resource: 'orders' },
  ]);
});
