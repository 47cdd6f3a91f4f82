import {
  DynamoDBClient,
  TransactionCanceledException,
  TransactionConflictException,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { type AwsProxy, startAwsProxy } from '@orderly/local/aws-proxy';
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

type Request = readonly [operation: string, request: WriteRequest];
const transact = (...pks: string[]): Request => ['TransactWriteItems', transaction(...pks)];
const put = (pk: string): Request => ['PutItem', item(pk)];
const elsewhere: WriteRequest = { TransactItems: [{ Put: { ...item('A'), TableName: 'another' } }] };

it.each<[what: string, held: Request, asked: Request, refused: boolean]>([
  ['two transactions meet on one item', transact('A', 'B'), transact('C', 'B'), true],
  ['two transactions share nothing', transact('A', 'B'), transact('C', 'D'), false],
  ['a put meets a transaction', transact('A', 'B'), put('B'), true],
  ['an update meets a transaction', transact('A', 'B'), ['UpdateItem', key('A')], true],
  ['a delete meets a transaction', transact('A', 'B'), ['DeleteItem', key('A')], true],
  ['a transaction meets a put', put('B'), transact('A', 'B'), true],
  ['a read meets a transaction', transact('A'), ['GetItem', key('A')], false],
  ['two plain writes meet', put('A'), ['UpdateItem', key('A')], false],
  ['the same key of another table', put('A'), ['TransactWriteItems', elsewhere], false],
])('%s: whether the second is refused', (_case, held, asked, refused) => {
  const conflicts = new TransactionConflicts();
  const verdict = conflicts.begin(...held);

  const met = conflicts.begin(...asked);
  expect(met.conflict).toBe(refused);

  end(verdict);
  if (!met.conflict) end(met);
  expect(conflicts.begin(...asked).conflict).toBe(false);
});

it('a refused transaction holds none of its items', () => {
  const conflicts = new TransactionConflicts();
  conflicts.begin('TransactWriteItems', transaction('A'));
  conflicts.begin('TransactWriteItems', transaction('B', 'A'));

  expect(conflicts.begin('PutItem', item('B')).conflict).toBe(false);
});

it('two plain writes hold an item until both have ended', () => {
  const conflicts = new TransactionConflicts();
  const [one, other] = [conflicts.begin('PutItem', item('A')), conflicts.begin('UpdateItem', key('A'))];

  end(one);
  expect(conflicts.begin('TransactWriteItems', transaction('A')).conflict).toBe(true);

  end(other);
  expect(conflicts.begin('TransactWriteItems', transaction('A')).conflict).toBe(false);
});

describe('the answer, as the AWS SDK reads it', () => {
  let proxy: AwsProxy;
  let client: DynamoDBDocumentClient;

  beforeAll(async () => {
    const conflicts = new TransactionConflicts();
    conflicts.begin(...put('B'));
    conflicts.begin(...transact('C'));
    // Nothing is behind it: each request is refused.
    proxy = await startAwsProxy('http://127.0.0.1:9', ({ operation, body }, forward) =>
      conflicts.carryOut(operation, JSON.parse(body) as WriteRequest, forward),
    );
    client = DynamoDBDocumentClient.from(new DynamoDBClient({ endpoint: proxy.url, maxAttempts: 1 }));
  });
  afterAll(() => {
    client.destroy();
    proxy.close();
  });

  it('of a transaction gives a reason for each item, in its order', async () => {
    const putItem = (pk: string) => ({ Put: { TableName: 'a-table', Item: { pk } } });

    const error = await client
      .send(new TransactWriteCommand({ TransactItems: [putItem('A'), putItem('B')] }))
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
    const write = client.send(new PutCommand({ TableName: 'a-table', Item: { pk: 'C' } }));

    await expect(write).rejects.toBeInstanceOf(TransactionConflictException);
  });
});
