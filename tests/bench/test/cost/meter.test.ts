import type { AwsReply } from '@orderly/local/aws-proxy';
import { Meter } from '../../src/cost/meter.ts';

const call = (operation: string, body: object, id: string | null = '1') => ({
  operation,
  headers: id === null ? {} : { 'x-invocation': id },
  body: JSON.stringify(body),
});

const answering = (body: object, status = 200) => {
  const asked: string[] = [];
  const forward = async (sent = ''): Promise<AwsReply> => {
    asked.push(sent);
    return { status, headers: {}, body: JSON.stringify(body) };
  };
  return { asked, forward };
};

const printed = (id: string) =>
  `orders | ${JSON.stringify({ invocation: { id, service: 'orders', causes: ['POST /orders'], logged: [] } })}`;

let meter: Meter;
beforeEach(() => {
  meter = new Meter();
});

it('asks DynamoDB for the units, and gives them to the invocation that made the call', async () => {
  const { asked, forward } = answering({ ConsumedCapacity: { CapacityUnits: 3 } });
  await meter.dynamodb(call('PutItem', { Item: {} }), forward);
  await meter.dynamodb(call('GetItem', { Key: {} }, '2'), forward);
  meter.line(printed('1'));

  expect(JSON.parse(asked[0] ?? '')).toEqual({ Item: {}, ReturnConsumedCapacity: 'TOTAL' });
  expect(meter.ended).toMatchObject([
    { id: '1', calls: [{ operation: 'PutItem', writeUnits: 3, readUnits: 0 }] },
  ]);
});

it.each([
  ['BatchGetItem', { readUnits: 2, writeUnits: 0 }],
  ['TransactWriteItems', { readUnits: 0, writeUnits: 2 }],
])('adds up the tables of a %s', async (operation, units) => {
  const { forward } = answering({ ConsumedCapacity: [{ CapacityUnits: 1.5 }, { CapacityUnits: 0.5 }] });
  await meter.dynamodb(call(operation, {}), forward);
  meter.line(printed('1'));

  expect(meter.ended[0]?.calls).toMatchObject([units]);
});

it.each([
  [100, 1],
  [64 * 1024, 2],
])('a message of %d bytes and its frame is %d requests to SQS', async (bytes, requests) => {
  await meter.sqs(call('SendMessageBatch', { body: 'x'.repeat(bytes) }), answering({}).forward);
  meter.line(printed('1'));

  expect(meter.ended[0]?.calls).toMatchObject([{ api: 'SQS', requests }]);
});

it('a request to SQS names its queue', async () => {
  const QueueUrl = 'http://127.0.0.1:9324/000000000000/cost-webhooks--deliveries';
  await meter.sqs(call('SendMessage', { QueueUrl }), answering({}).forward);
  meter.line(printed('1'));

  expect(meter.ended[0]?.calls).toMatchObject([{ queue: 'cost-webhooks--deliveries' }]);
});

it('only the calls of functions are counted', async () => {
  const { asked, forward } = answering({});
  await meter.dynamodb(call('PutItem', {}, null), forward);
  await meter.sqs(call('ReceiveMessage', {}, null), forward);
  meter.line(printed('1'));

  expect(asked).toEqual(['', '']);
  expect(meter.ended.flatMap(({ calls }) => calls)).toEqual([]);
});

it('takes what has ended once, and no other line', () => {
  meter.line('orders | something else');
  meter.line(printed('1'));

  expect(meter.take()).toHaveLength(1);
  expect(meter.take()).toEqual([]);
});

it('counts nothing once AWS has refused something', async () => {
  await meter.sqs(call('SendMessageBatch', {}), answering({ __type: 'Throttled' }, 403).forward);

  expect(() => meter.ended).toThrow(/SendMessageBatch by 1 with 403 .*Throttled/);
});
