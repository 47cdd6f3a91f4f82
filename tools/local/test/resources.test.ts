import { pseudoParameters, resolveValue, type Scope } from '../src/cloudformation.ts';
import { planResources } from '../src/resources.ts';

const options = { region: 'eu-central-1', stack: 'svc-dev', sqsEndpoint: 'http://127.0.0.1:9324' };

const scope: Scope = {
  resources: new Map([['Queue', { ref: 'http://url', attributes: { Arn: 'arn:queue' } }]]),
  pseudo: pseudoParameters('eu-central-1', 'svc-dev'),
};

/** `${name}`, as Fn::Sub takes it. */
const sub = (name: string): string => `$\{${name}}`;

describe('intrinsic functions', () => {
  it.each<[string, unknown, unknown]>([
    ['Ref', { Ref: 'Queue' }, 'http://url'],
    ['Ref of a pseudo parameter', { Ref: 'AWS::Region' }, 'eu-central-1'],
    ['GetAtt as a list', { 'Fn::GetAtt': ['Queue', 'Arn'] }, 'arn:queue'],
    ['GetAtt as a text', { 'Fn::GetAtt': 'Queue.Arn' }, 'arn:queue'],
    [
      'Sub',
      { 'Fn::Sub': `${sub('AWS::AccountId')}/${sub('Queue.Arn')}/${sub('!Literal')}` },
      `000000000000/arn:queue/${sub('Literal')}`,
    ],
    ['Sub with own values', { 'Fn::Sub': [`${sub('a')}-${sub('Queue')}`, { a: 'b' }] }, 'b-http://url'],
    ['Join', { 'Fn::Join': [':', ['arn', { Ref: 'AWS::Partition' }]] }, 'arn:aws'],
    ['at any depth', { a: [{ b: { Ref: 'Queue' } }] }, { a: [{ b: 'http://url' }] }],
    ['a name outside', { Ref: 'Other' }, { Ref: 'Other' }],
    ['Sub of a name outside', { 'Fn::Sub': sub('Other') }, { 'Fn::Sub': sub('Other') }],
    ['a plain value', 5, 5],
  ])('%s', (_name, value, expected) => {
    expect(resolveValue(value, scope)).toEqual(expected);
  });
});

const queues = {
  Resources: {
    Work: {
      Type: 'AWS::SQS::Queue',
      Properties: {
        QueueName: 'dev-work.fifo',
        FifoQueue: true,
        VisibilityTimeout: 60,
        SqsManagedSseEnabled: true,
        RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: '5' },
        Tags: [{ Key: 'orderly:events', Value: 'OrderPlaced' }],
      },
    },
    Dead: { Type: 'AWS::SQS::Queue', Properties: { FifoQueue: true } },
    Alarm: { Type: 'AWS::CloudWatch::Alarm', Properties: {} },
  },
};

it('a queue is planned with attributes as texts, and its dead-letter queue by ARN', () => {
  const plan = planResources(queues, options);
  expect([...plan.queues.keys()]).toEqual(['Work', 'Dead']);
  expect(plan.queues.get('Work')).toEqual({
    name: 'dev-work.fifo',
    attributes: {
      FifoQueue: 'true',
      SqsManagedSseEnabled: 'true',
      VisibilityTimeout: '60',
      RedrivePolicy:
        '{"deadLetterTargetArn":"arn:aws:sqs:eu-central-1:000000000000:svc-dev-Dead.fifo","maxReceiveCount":5}',
    },
    tags: { 'orderly:events': 'OrderPlaced' },
  });
  expect(plan.queues.get('Dead')?.name).toBe('svc-dev-Dead.fifo');
});

it('a given visibility timeout replaces those of the queues', () => {
  const plan = planResources(queues, { ...options, visibilityTimeout: 2 });
  expect(plan.queues.get('Work')?.attributes.VisibilityTimeout).toBe('2');
});

it('tables are planned from a list of resource parts, with stream, indexes and time to live', () => {
  const table = {
    TableName: 'dev-orders',
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
    StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
    SSESpecification: { SSEEnabled: true },
  };
  const parts = [queues, { Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: table } } }, {}];
  const plan = planResources(parts, options);
  expect(plan.queues.size).toBe(2);
  expect(plan.tables.get('Table')).toEqual({
    name: 'dev-orders',
    ttlAttribute: 'expires',
    create: {
      TableName: 'dev-orders',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE', StreamEnabled: true },
    },
  });
});

it('a service without resources has an empty plan', () => {
  expect(planResources(undefined, options)).toMatchObject({ tables: new Map(), queues: new Map() });
});
