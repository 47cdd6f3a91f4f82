import { DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { ThrottledReadError } from '../src/aws/table.ts';
import { TransactionConflictError } from '../src/retry.ts';
import { absent } from '../src/table/condition.ts';
import { openTable } from '../src/table/table.ts';
import { transact } from '../src/table/transaction.ts';

// Answers that the embedded DynamoDB does not give on demand; for the rest see table.integration.test.ts.

const table = openTable<{ readonly pk: string }>('test-table');
const write = table.putting({ pk: '1' }, absent);
let send: jest.SpiedFunction<DynamoDBClient['send']>;

/** A cancelled transaction, with the code for each of its writes. */
const cancelled = (...codes: readonly (string | undefined)[]) =>
  new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: codes.map((Code) => (Code === undefined ? {} : { Code })),
  });

beforeEach(() => {
  send = jest.spyOn(DynamoDBClient.prototype, 'send');
  // No pause between attempts.
  jest.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(() => jest.restoreAllMocks());

describe('a transaction', () => {
  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is retried after %s, even if a condition failed as well',
    async (code) => {
      send
        .mockImplementationOnce(() => Promise.reject(cancelled(code, 'ConditionalCheckFailed')))
        .mockImplementationOnce(() => Promise.resolve({}));

      expect(await transact([write, write])).toEqual({ outcome: 'committed' });
      expect(send).toHaveBeenCalledTimes(2);
    },
  );

  it('gives up after 8 conflicts', async () => {
    send.mockImplementation(() => Promise.reject(cancelled('TransactionConflict')));

    await expect(transact([write])).rejects.toThrow(
      new TransactionConflictError('Other transactions were in the way 8 times'),
    );
    expect(send).toHaveBeenCalledTimes(8);
  });

  it('is not retried when a condition failed', async () => {
    send.mockImplementation(() => Promise.reject(cancelled('None', 'ConditionalCheckFailed')));

    expect(await transact([write, write])).toEqual({
      outcome: 'refused',
      refused: new Map([[1, undefined]]),
    });
    expect(send).toHaveBeenCalledTimes(1);
  });

  it.each(['ValidationError', 'ItemCollectionSizeLimitExceeded', 'AccessDenied'])(
    'throws at once for a permanent reason: %s',
    async (code) => {
      const error = cancelled(code, 'TransactionConflict');
      send.mockImplementation(() => Promise.reject(error));

      await expect(transact([write, write])).rejects.toBe(error);
      expect(send).toHaveBeenCalledTimes(1);
    },
  );

  it('throws errors other than a cancellation', async () => {
    const error = new Error('network');
    send.mockImplementation(() => Promise.reject(error));

    await expect(transact([write])).rejects.toBe(error);
  });
});

describe('getMany', () => {
  it('reads again what DynamoDB omitted', async () => {
    const rest = { 'test-table': { Keys: [{ pk: { S: '2' } }] } };
    send
      .mockImplementationOnce(() =>
        Promise.resolve({ Responses: { 'test-table': [{ pk: { S: '1' } }] }, UnprocessedKeys: rest }),
      )
      .mockImplementationOnce(() => Promise.resolve({ Responses: { 'test-table': [{ pk: { S: '2' } }] } }));

    expect(await table.getMany([{ pk: '1' }, { pk: '2' }])).toEqual([{ pk: '1' }, { pk: '2' }]);
    expect(send.mock.calls[1]?.[0].input).toMatchObject({
      RequestItems: rest,
    });
  });

  it.each([
    [undefined, true],
    [false, false],
  ])('is consistent by default: %s', async (consistent, ConsistentRead) => {
    send.mockImplementation(() => Promise.resolve({}));

    await table.getMany([{ pk: '1' }], consistent);

    expect(send.mock.calls[0]?.[0].input).toEqual({
      RequestItems: { 'test-table': { Keys: [{ pk: { S: '1' } }], ConsistentRead } },
    });
  });

  it('throws a throttling error when DynamoDB keeps omitting items', async () => {
    const all = { 'test-table': { Keys: [{ pk: { S: '1' } }] } };
    send.mockImplementation(() => Promise.resolve({ UnprocessedKeys: all }));

    const read = table.getMany([{ pk: '1' }]);

    await expect(read).rejects.toThrow(new ThrottledReadError('1 items were not read'));
    await expect(read).rejects.toMatchObject({ name: 'ThrottlingException' });
    expect(send).toHaveBeenCalledTimes(6);
  });
});

it('put throws errors other than a failed condition', async () => {
  const error = new Error('network');
  send.mockImplementation(() => Promise.reject(error));

  await expect(table.put({ pk: '1' }, absent)).rejects.toBe(error);
});
