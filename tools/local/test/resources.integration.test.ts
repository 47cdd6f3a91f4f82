import { resolve } from 'node:path';
import { DescribeTableCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { GetQueueAttributesCommand, ListQueuesCommand, ListQueueTagsCommand } from '@aws-sdk/client-sqs';
import { type AwsClient, connect } from '../../aws/protocol/client.ts';
import { createResources, planResources } from '../src/resources.ts';
import { createServiceResources, serviceConfig } from '../src/service-config.ts';
import { type Clients, localClients, startTestEmulators, type TestEmulators } from '../src/testing.ts';

const REGION = 'eu-central-1';
const dir = resolve(__dirname, 'fixture');

let emulators: TestEmulators;
let clients: Clients;
let aws: AwsClient;

beforeAll(async () => {
  emulators = await startTestEmulators();
  clients = localClients(emulators, REGION);
  aws = connect(emulators, REGION);
});

afterAll(async () => {
  aws.close();
  await emulators.stop();
});

const attributesOf = async (QueueUrl: string) => {
  const input = { QueueUrl, AttributeNames: ['All' as const] };
  return (await clients.sqs.send(new GetQueueAttributesCommand(input))).Attributes ?? {};
};

const create = (more: { readonly visibilityTimeout?: number } = {}) =>
  createServiceResources({ dir, endpoints: emulators, stage: 'it', ...more });

it("the tables and queues of a service's own serverless.yml are created", async () => {
  const { resources } = await create();
  const queue = resources.get('Work');
  expect(resources.get('Things')).toEqual({
    ref: 'it-things',
    attributes: {
      Arn: expect.stringMatching(/table\/it-things$/),
      StreamArn: expect.stringMatching(/table\/it-things\/stream\//),
    },
  });
  expect(queue?.ref).toBe(`${emulators.sqs}/000000000000/it-things--work.fifo`);
  expect(await attributesOf(queue?.ref ?? '')).toMatchObject({
    QueueArn: `arn:aws:sqs:${REGION}:000000000000:it-things--work.fifo`,
    FifoQueue: 'true',
    DeduplicationScope: 'messageGroup',
    VisibilityTimeout: '30',
    RedrivePolicy: expect.stringContaining('it-dlq--things--work.fifo'),
  });
  const { Tags } = await clients.sqs.send(new ListQueueTagsCommand({ QueueUrl: queue?.ref }));
  expect(Tags).toEqual({ 'orderly:events': 'Thing' });
});

it('a second run changes no tables, and updates queues', async () => {
  const before = await create();
  const Item = { pk: { S: 'kept' } };
  await clients.dynamodb.send(new PutItemCommand({ TableName: 'it-things', Item }));
  const after = await create({ visibilityTimeout: 2 });
  expect(after.resources.get('Things')).toEqual(before.resources.get('Things'));
  expect((await attributesOf(after.resources.get('Work')?.ref ?? '')).VisibilityTimeout).toBe('2');
  const { Table } = await clients.dynamodb.send(new DescribeTableCommand({ TableName: 'it-things' }));
  expect(Table?.ItemCount).toBe(1);
  const { QueueUrls } = await clients.sqs.send(new ListQueuesCommand({ QueueNamePrefix: 'it-' }));
  expect(QueueUrls).toHaveLength(3);
});

it('an error names a table that exists with other keys', async () => {
  await create();
  const table = {
    TableName: 'it-things',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  };
  const resources = { Resources: { Things: { Type: 'AWS::DynamoDB::Table', Properties: table } } };
  const plan = planResources(resources, { region: REGION, stack: 'it', sqsEndpoint: emulators.sqs });
  await expect(createResources(plan, aws.call)).rejects.toThrow(
    /The table it-things exists with keys pk HASH; .* serverless.yml wants keys id HASH;/,
  );
});

it('a table without a stream gets one', async () => {
  const properties = {
    TableName: 'it-late',
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
    TimeToLiveSpecification: { AttributeName: 'expires', Enabled: true },
  };
  const plan = (more: object) =>
    planResources(
      { Resources: { Late: { Type: 'AWS::DynamoDB::Table', Properties: { ...properties, ...more } } } },
      { region: REGION, stack: 'it', sqsEndpoint: emulators.sqs },
    );
  await createResources(plan({}), aws.call);
  const { resources } = await createResources(
    plan({ StreamSpecification: { StreamViewType: 'NEW_IMAGE' } }),
    aws.call,
  );
  expect(resources.get('Late')?.attributes.StreamArn).toMatch(/it-late\/stream\//);
});

it('a configuration is read from the cache much faster than from the CLI', async () => {
  await serviceConfig(dir, 'it');
  const start = performance.now();
  expect((await serviceConfig(dir, 'it')).service).toBe('fixture');
  // The CLI takes two seconds.
  expect(performance.now() - start).toBeLessThan(1_000);
});
