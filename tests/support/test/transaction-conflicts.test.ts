import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { TransactionConflicts, type Verdict, type WriteRequest } from '../src/transaction-conflicts.ts';

const item = (pk: string) => ({ TableName: 'a-table', Item: { pk: { S: pk }, stock: { N: '1' } } });
const key = (pk: string) => ({ TableName: 'a-table', Key: { pk: { S: pk } } });
const transaction = (...pks: string[]): WriteRequest => ({
  TransactItems: pks.map((pk, index) => (index === 0 ? { Put: item(pk) } : { Update: key(pk) })),
});

const end = (verdict: Verdict) => {
  if (verdict.conflict) throw new Error('It was refused');
  verdict.end();
};

it.each<[string, string, WriteRequest, string, WriteRequest, boolean]>([
  [
    'two transactions meet on one item',
    'TransactWriteItems',
    transaction('A', 'B'),
    'TransactWriteItems',
    transaction('C', 'B'),
    true,
  ],
  [
    'two transactions share nothing',
    'TransactWriteItems',
    transaction('A', 'B'),
    'TransactWriteItems',
    transaction('C', 'D'),
    false,
  ],
  ['a put meets a transaction', 'TransactWriteItems', transaction('A', 'B'), 'PutItem', item('B'), true],
  [
    'an update meets a transaction',
    'TransactWriteItems',
    transaction('A', 'B'),
    'UpdateItem',
    key('A'),
    true,
  ],
  ['a delete meets a transaction', 'TransactWriteItems', transaction('A', 'B'), 'DeleteItem', key('A'), true],
  ['a transaction meets a put', 'PutItem', item('B'), 'TransactWriteItems', transaction('A', 'B'), true],
  ['a read meets a transaction', 'TransactWriteItems', transaction('A'), 'GetItem', key('A'), false],
  ['two plain writes meet', 'PutItem', item('A'), 'UpdateItem', key('A'), false],
  [
    'the same key of another table',
    'PutItem',
    item('A'),
    'TransactWriteItems',
    { TransactItems: [{ Put: { ...item('A'), TableName: 'another' } }] },
    false,
  ],
])('%s: whether the second is refused', (_case, first, held, second, asked, refused) => {
  const conflicts = new TransactionConflicts();
  const verdict = conflicts.begin(first, held);

  const met = conflicts.begin(second, asked);
  expect(met.conflict).toBe(refused);

  end(verdict);
  if (!met.conflict) end(met);
  expect(conflicts.begin(second, asked).conflict).toBe(false);
});

it('a refused transaction holds none of its items', () => {
  const conflicts = new TransactionConflicts();
  conflicts.begin('TransactWriteItems', transaction('A'));
  conflicts.begin('TransactWriteItems', transaction('B', 'A'));

  expect(conflicts.begin('PutItem', item('B')).conflict).toBe(false);
});

it('two plain writes hold an item until both have ended, and neither ends twice', () => {
  const conflicts = new TransactionConflicts();
  const [one, other] = [conflicts.begin('PutItem', item('A')), conflicts.begin('UpdateItem', key('A'))];

  end(one);
  end(one);
  expect(conflicts.begin('TransactWriteItems', transaction('A')).conflict).toBe(true);

  end(other);
  expect(conflicts.begin('TransactWriteItems', transaction('A')).conflict).toBe(false);
});

describe('the answer, as the AWS SDK reads it', () => {
  let server: Server;
  let client: DynamoDBDocumentClient;

  beforeAll(async () => {
    const conflicts = new TransactionConflicts();
    conflicts.begin('TransactWriteItems', { TransactItems: [{ Put: item('B') }] });
    server = createServer(async (incoming, outgoing) => {
      const chunks: Buffer[] = [];
      for await (const chunk of incoming) chunks.push(chunk as Buffer);
      const operation = String(incoming.headers['x-amz-target']).split('.')[1] ?? '';
      const verdict = conflicts.begin(
        operation,
        JSON.parse(Buffer.concat(chunks).toString()) as WriteRequest,
      );
      const done = { status: 200, headers: {}, body: '{}' };
      const { status, headers, body } = verdict.conflict ? verdict.answer : done;
      outgoing.writeHead(status, headers).end(body);
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    client = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        region: 'eu-central-1',
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
        maxAttempts: 1,
      }),
    );
  });
  afterAll(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });

  it('of a transaction gives a reason for each item, in its order', async () => {
    const put = (pk: string) => ({ Put: { TableName: 'a-table', Item: { pk } } });

    const error = await client
      .send(new TransactWriteCommand({ TransactItems: [put('A'), put('B')] }))
      .catch((thrown: unknown) => thrown);

    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      CancellationReasons: [
        { Code: 'None' },
        { Code: 'TransactionConflict', Message: 'Transaction is ongoing for the item' },
      ],
    });
  });

  it('of a plain write is a conflict', async () => {
    const write = client.send(new PutCommand({ TableName: 'a-table', Item: { pk: 'B' } }));

    await expect(write).rejects.toBeInstanceOf(TransactionConflictException);
  });
});
